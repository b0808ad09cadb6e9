"""From the bytes of a table to its rows and columns: ``predict.py`` carries these files, too."""
