"""After training: what a result is made of. One file for each view."""
