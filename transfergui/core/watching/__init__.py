"""A folder that is watched: new files are predicted and acted on as they come."""
