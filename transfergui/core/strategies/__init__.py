"""How knowledge is carried over: one file for each way of training."""
