"""What the names of folders and files mean, word by word."""
