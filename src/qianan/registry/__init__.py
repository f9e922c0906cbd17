"""Registry: who is there, what to check, who answers for it. duties ─▶ businesses | checklists."""
