"""What the database holds after a replay, counted from it and not from the files."""

from collections import Counter
from typing import Any

from qianan.field.hazards import queries as hazards
from qianan.field.inspections import queries as inspections
from qianan.kernel.actor import Actor
from qianan.registry.businesses import queries as businesses

REPLAYER = Actor.system("replay")
OUTCOMES = ("in_time", "late", "never", "not_required", "unknown")
WORDS = {
    "in_time": "corrected in time",
    "late": "corrected late",
    "never": "never corrected",
    "not_required": "correction not required",
    "unknown": "nothing said",
}


def outcome(said: str, state: str, late: bool) -> str:
    """What became of a violation: the register's own word, and how its hazard stands."""
    if said == "yes" and state == "closed":
        return "late" if late else "in_time"
    return {"not_required": "not_required", "unknown": "unknown"}.get(said, "never")


def summary() -> dict[str, Any]:
    """Businesses, inspections, violations by outcome, and how far the uncorrected ones climbed."""
    said: dict[str, str] = {}
    visits = 0
    for facts in inspections.visits_for(REPLAYER).values_list("facts", flat=True).iterator(chunk_size=500):
        visits += 1
        said.update(facts.get("corrected", {}))
    outcomes: Counter[str] = Counter()
    violations = overdue = 0
    rows = hazards.hazards_for(REPLAYER).values_list("id", "origin_kind", "state", "late")
    for id, kind, state, late in rows.iterator(chunk_size=2000):
        if kind != "replay":
            continue
        violations += 1
        outcomes[outcome(said.get(str(id), "unknown"), state, late)] += 1
        overdue += state == "rectifying"
    from qianan.registry.duties import queries as duties

    rungs = Counter(duties.open_duties_for(REPLAYER, kind="rectification").order_by().values_list("rung", flat=True))
    return {
        "businesses": businesses.businesses_for(REPLAYER, state="").count(),
        "inspections": visits,
        "violations": violations,
        "outcomes": {name: outcomes[name] for name in OUTCOMES},
        "still_open": overdue,
        "reached_rung": {str(rung): rungs[rung] for rung in sorted(rungs)},
    }


def table(found: dict[str, Any]) -> str:
    """The summary in words."""
    lines = [
        f"{'businesses':<28}{found['businesses']:>8,}",
        f"{'inspections':<28}{found['inspections']:>8,}",
        f"{'violations':<28}{found['violations']:>8,}",
        *(f"  {WORDS[name]:<26}{found['outcomes'][name]:>8,}" for name in OUTCOMES),
        f"{'still open':<28}{found['still_open']:>8,}",
        *(f"  {'climbed to rung ' + rung:<26}{count:>8,}" for rung, count in found["reached_rung"].items()),
    ]
    return "\n".join(lines)
