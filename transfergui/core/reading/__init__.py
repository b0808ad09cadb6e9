"""How a folder, a table or a zip becomes a data set: names and files, tables, sources, scanning."""
