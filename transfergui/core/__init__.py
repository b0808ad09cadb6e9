"""Everything but the window: no module below this line imports Qt."""
