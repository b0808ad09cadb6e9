"""One training with everything that it left: its folder, events, history and model card."""
