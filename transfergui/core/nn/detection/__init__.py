"""Finding things in pictures: an encoder's maps, a pyramid of them, a head, its loss, boxes."""
