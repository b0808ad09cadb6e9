"""Sounds by what their files hold, without the rest of the program: ``predict.py`` carries it."""
