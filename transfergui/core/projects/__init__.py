"""Data over time: what arrives later, which test set is kept, and the project file."""
