"""Samples and classes on the screen: thumbnails, the viewer, and views of one kind of data."""
