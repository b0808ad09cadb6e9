"""Labels that a person gives to examples without any, and what the program suggests meanwhile."""
