"""Boxes drawn from nothing: picture by picture, in a folder that has none yet."""
