"""checklists (检查清单): what to check: stable codes, immutable published versions, shared response sets.

A version is one canonical document with a content hash; once published it never changes, and old ones stay
answerable. It does not know who answered: that is selfchecks and inspections. Leans on codebook and trail.
"""
