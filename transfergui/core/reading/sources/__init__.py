"""A folder, a zip or a table as a listing: which way people keep their labelled files."""
