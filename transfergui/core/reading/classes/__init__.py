"""The classes of a listing: what numbers are called, and which names are the same."""
