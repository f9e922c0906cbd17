"""Settings by surroundings: base, dev (the demo and the embedded default), test, prod."""
