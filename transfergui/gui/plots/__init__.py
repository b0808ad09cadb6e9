"""Curves of a training, their legend and their axes."""
