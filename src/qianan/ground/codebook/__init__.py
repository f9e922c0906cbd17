"""codebook (码表): industries, hazard criteria, law clauses, deadlines, ladder, frequencies, calendar, departments.

The law is data: every row is dated, sourced, has an edition and says whether it was verified. Standards bodies
change it; nobody else does. Nothing here is about one business. Leans on trail.
"""
