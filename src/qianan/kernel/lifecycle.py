"""A lifecycle is a table: from each state, the states it may move to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from qianan.kernel.problems import NotNow


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The moves of one noun, `moves[state] = (next, …)`; the first state listed is where it begins.

    `check` is the only guard in the house. The same states stand in a CheckConstraint of the model.
    """

    noun: str
    moves: Mapping[str, tuple[str, ...]]
    start: str = field(default="")

    def __post_init__(self) -> None:
        unknown = {then for nexts in self.moves.values() for then in nexts} - set(self.moves)
        if unknown:
            raise ValueError(f"{self.noun}: moves to unknown states {sorted(unknown)}")
        if not self.start:
            object.__setattr__(self, "start", next(iter(self.moves)))

    @property
    def states(self) -> tuple[str, ...]:
        return tuple(self.moves)

    def allows(self, now: str, then: str) -> bool:
        return then in self.moves.get(now, ())

    def check(self, now: str, then: str) -> None:
        """Raises NotNow when `now → then` is not in the table."""
        if not self.allows(now, then):
            raise NotNow("not_now", noun=self.noun, now=now, then=then)

    def check_in(self, now: str, states: Iterable[str], *, code: str = "not_now") -> None:
        """Raises NotNow when the state is none of those in which this may be done."""
        if now not in set(states):
            raise NotNow(code, noun=self.noun, now=now)

    def mermaid(self) -> str:
        """The table as a mermaid state diagram, for the docs."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.start}"]
        for now, nexts in self.moves.items():
            lines += [f"    {now} --> {then}" for then in nexts]
            if not nexts:
                lines.append(f"    {now} --> [*]")
        return "\n".join(lines)
