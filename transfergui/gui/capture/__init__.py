"""Cameras and microphones in the window: live predictions, and recording examples."""
