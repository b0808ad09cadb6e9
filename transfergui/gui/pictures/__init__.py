"""A picture on the screen, and boxes in it: drawn, moved and named by mouse and keyboard."""
