"""phone: the shop's door: today's checks, hazards, fixes, at the size of a hand."""
