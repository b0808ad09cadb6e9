"""One training by several processes: ``torchrun`` starts them, the same loop runs in each."""
