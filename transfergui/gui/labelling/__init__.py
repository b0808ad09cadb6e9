"""Labelling examples in the window: a page with the examples, their classes and suggestions."""
