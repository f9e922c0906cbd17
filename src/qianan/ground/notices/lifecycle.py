"""An attempt: waiting, sent by the channel, or given up."""

from qianan.kernel.lifecycle import Lifecycle

ATTEMPT = Lifecycle("attempt", {"waiting": ("sent", "failed", "skipped"), "failed": ("waiting", "given_up"), "sent": (), "skipped": (), "given_up": ("waiting",)})
"""waiting → sent | failed (tried again) | skipped (no address); failed → waiting | given_up; given_up → waiting (resend)."""
