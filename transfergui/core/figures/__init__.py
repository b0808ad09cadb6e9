"""How good predictions are: arrays in, figures out."""
