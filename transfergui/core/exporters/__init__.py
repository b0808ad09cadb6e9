"""The formats in which a trained model leaves the program: one file for each."""
