"""What is open, decided and running behind the window, without any widget."""
