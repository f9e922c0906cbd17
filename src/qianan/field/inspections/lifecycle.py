"""A visit is planned, made, or dropped; some are recorded at once."""

from qianan.kernel.lifecycle import Lifecycle

VISIT = Lifecycle("visit", {"planned": ("made", "dropped"), "made": (), "dropped": ()})
