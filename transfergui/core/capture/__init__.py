"""What cameras and microphones give: kept for a moment, predicted while it comes, recorded."""
