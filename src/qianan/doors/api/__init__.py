"""api: the door for programs: everything the pages do, under /api/v1."""
