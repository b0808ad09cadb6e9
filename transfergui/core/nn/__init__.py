"""Modules built from a plan: the classifier, its heads, and the losses that strategies need."""
