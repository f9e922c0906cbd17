"""A version is drafted, tested, published, retired."""

from qianan.kernel.lifecycle import Lifecycle

VERSION = Lifecycle(
    "version",
    {
        "draft": ("testing", "discarded"),
        "testing": ("draft", "published", "discarded"),
        "published": ("retired",),
        "retired": (),
        "discarded": (),
    },
)
ANSWERABLE = frozenset({"published", "retired"})
"""A phone that was offline may still hand in a version that has been retired meanwhile."""
