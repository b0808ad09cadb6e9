"""The catalogue of pretrained networks: where their weights are, and which one to take."""
