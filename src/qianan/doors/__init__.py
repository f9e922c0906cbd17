"""Doors: how the world comes in, by audience. They never touch a table and never open onto each other."""
