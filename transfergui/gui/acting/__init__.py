"""Doing something with predictions: sorting, renaming, spreadsheets, undoing."""
