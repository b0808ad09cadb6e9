"""The engine: one loop, a generator of events, and what it stands on."""
