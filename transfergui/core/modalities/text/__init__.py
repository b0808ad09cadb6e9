"""Texts, in files or in the rows of a table."""
