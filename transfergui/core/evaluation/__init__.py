"""How good is it: metrics, intervals in words, the report."""
