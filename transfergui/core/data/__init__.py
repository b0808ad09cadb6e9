"""Samples, what is known of them, and how they are divided."""
