"""What is learnt from: one folder for each kind of data."""
