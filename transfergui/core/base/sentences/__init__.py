"""The sentences of the core by code, a file for each subject."""
