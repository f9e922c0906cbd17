"""inspections (检查): a public body's visit to a site and what it found. Thin: a later issue grows it.

Hazards it finds are reported downward to hazards. It does not know self-checks. Leans on hazards, businesses, accounts.
"""
