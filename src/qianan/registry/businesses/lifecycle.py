"""States of a business, of a site, and of a claim."""

from qianan.kernel.lifecycle import Lifecycle

BUSINESS = Lifecycle(
    "business",
    {"active": ("closed", "merged"), "closed": ("active",), "merged": ()},
)
"""A closed business may reopen; a merged row stays as an alias of the one it went into."""

SITE = Lifecycle(
    "site",
    {"open": ("paused", "closed", "moved"), "paused": ("open", "closed"), "closed": ("open",), "moved": ()},
)
"""Only an open site owes checks. A moved site is succeeded by another."""

CLAIM = Lifecycle("claim", {"asked": ("approved", "refused"), "approved": (), "refused": ()})

OWES_CHECKS = frozenset({"open"})
