"""Two runs, or two models on the same data, side by side."""
