"""Before training: are the data sound? One file for each check."""
