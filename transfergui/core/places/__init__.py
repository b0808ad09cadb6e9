"""Training on another computer that ssh reaches: what is sent, started, followed, brought back."""
