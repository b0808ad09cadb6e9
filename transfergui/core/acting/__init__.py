"""What is done with predictions: planned, previewed, carried out, recorded, undone."""
