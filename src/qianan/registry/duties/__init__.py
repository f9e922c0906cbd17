"""duties (职责): a duty is a promise: who owes what to whom by when, and to whom it climbs when late.

One mechanism for every promise with a deadline: hazards to rectify, silence to end, instructions to acknowledge,
reviews to make. Duties hang on posts; people occupy posts with dates; a vacant post's duties fall visibly to the
next rung. The days are rows of the codebook, never constants. Leans on businesses, notices, accounts, codebook.
"""
