"""The tree of an expression, its limits, and its faults."""

from dataclasses import dataclass

MAX_LENGTH, MAX_DEPTH, MAX_TEXT = 2000, 32, 20_000
SPACES = " \t\r\n"
"""White space of XPath, and no other."""

LEVELS: tuple[tuple[str, ...], ...] = (
    ("or",),
    ("and",),
    ("=", "!="),
    ("<", "<=", ">", ">="),
    ("+", "-"),
    ("*", "div", "mod"),
)
"""Operators by precedence, the loosest first."""


class XPathError(ValueError):
    """The expression is not one we read. `why` is English for list makers, `position` counts characters from 0."""

    def __init__(self, why: str, position: int) -> None:
        super().__init__(f"{why} (at {position + 1})")
        self.why, self.position = why, position


@dataclass(frozen=True, slots=True)
class Literal:
    value: str | float


@dataclass(frozen=True, slots=True)
class Own:
    """`.`"""


@dataclass(frozen=True, slots=True)
class Name:
    code: str


@dataclass(frozen=True, slots=True)
class Minus:
    of: "Node"


@dataclass(frozen=True, slots=True)
class Chain:
    """Operands of one precedence, left to right: `first (op operand)*`. Flat, so that long ones cannot pile up."""

    first: "Node"
    rest: tuple[tuple[str, "Node"], ...]


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    args: tuple["Node", ...]


Node = Literal | Own | Name | Minus | Chain | Call
