"""What is predicted of each sample: one file for each objective."""
