"""The few words all rooms share: actor, ref, lifecycle, news, problems, ids. Plain Python."""
