"""desk: the office's door: who has not reported, what is dangerous, whose turn it is."""
