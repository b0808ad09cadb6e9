"""Finding things in pictures: maps of an encoder, a pyramid of them, a head, its loss, its boxes."""
