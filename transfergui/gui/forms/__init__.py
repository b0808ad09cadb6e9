"""Forms and fields in which settings are changed."""
