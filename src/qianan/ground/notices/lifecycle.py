"""An attempt: waiting, sent by the channel, or given up."""

from qianan.kernel.lifecycle import Lifecycle

ATTEMPT = Lifecycle(
    "attempt",
    {
        "waiting": ("sent", "failed", "skipped"),
        "failed": ("waiting", "given_up"),
        "sent": (),
        "skipped": (),
        "given_up": ("waiting",),
    },
)
"""skipped = no address; failed is tried again until given up; what was given up may be resent."""
