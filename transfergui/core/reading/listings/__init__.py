"""What a source holds before any file is opened."""
