"""selfchecks (自查): the checks a business owes itself, and what it hands in.

An occurrence is one owed check: due, done, late, missed or waived. A submission is what somebody filled in, in a
version of a list; it is immutable, a correction is a new one. To be silent is one duty per site and list. It does not
decide what is a hazard's fate: it reports hazards downward. Leans on hazards and everything below.
"""
