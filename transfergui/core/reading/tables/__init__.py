"""Tables that say what files or texts are: which column is what, and what the rows say."""
