"""Other computers in the window."""
