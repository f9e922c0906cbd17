"""accounts (账户): people, bodies, seats, invitations, tokens, one-time codes.

A person signs in by name or mobile number. A seat is a dated right to act, on two axes: a place subtree and a line,
or one business. Names and numbers live here and only here, where they can be erased.
Leans on places and trail.
"""
