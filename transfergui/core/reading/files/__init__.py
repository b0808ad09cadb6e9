"""Files on the disk: listing them, finding them by name, their kinds, which are the same."""
