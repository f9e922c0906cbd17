"""The XPath subset of XForms in which lists say what is relevant and what is allowed. No Django, no eval.

    parse("${headcount} >= 100 and selected(${fuels}, 'lpg')").value(lookup={"headcount": "120", …}.get)

*Values* are text, number or truth, as in XPath 1.0; an unanswered item is the empty text. *Names*: `.` is the own
answer; `${code}`, `code`, `../code` and `/list/section/code` all mean the item `code`. *Numbers* of a text: decimal
digits with an optional sign, or a day `yyyy-mm-dd`, which counts days since 1970-01-01, so that days can be compared
and shifted (`. <= today() + 30`); anything else is NaN. *Length* counts Unicode characters. *Comparison*: truth if
either side is truth; for = and != text if both are text; else numbers. *Operators*: or and = != < <= > >= + - * div
mod, unary -. *Functions*: see FUNCTIONS.

Safe on any input: length, depth and size of results are limited, patterns of `regex()` are matched in time linear in
the text. A wrong expression raises XPathError with the position (0-based) and why; a right one never raises.
The same cases test this and the phone's evaluator: `tests/samples/xpath_cases.json`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from qianan.formats.xpath.reading import FUNCTIONS, read
from qianan.formats.xpath.tree import Call, Chain, Literal, Minus, Name, Node, Own, XPathError
from qianan.formats.xpath.values import EPOCH, Evaluator, Value, text_of, truth
from qianan.formats.xpath.writing import write

__all__ = [
    "FUNCTIONS",
    "Call",
    "Chain",
    "Expression",
    "Literal",
    "Minus",
    "Name",
    "Own",
    "XPathError",
    "parse",
    "text_of",
    "truth",
]


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression: its tree, and the items it asks for."""

    root: Node
    names: frozenset[str]
    asks_own: bool

    def value(
        self, *, own: str = "", lookup: Callable[[str], str | None] = lambda name: None, today: date = EPOCH
    ) -> Value:
        """Its value. `own` is the answer `.`; `lookup(code)` another item's answer (None = unanswered)."""
        return Evaluator(own, lookup, today).of(self.root)

    def holds(
        self, *, own: str = "", lookup: Callable[[str], str | None] = lambda name: None, today: date = EPOCH
    ) -> bool:
        """Its value as truth."""
        return truth(self.value(own=own, lookup=lookup, today=today))

    def __str__(self) -> str:
        return write(self.root, 0)


def parse(text: str) -> Expression:
    """Read an expression. Raises XPathError."""
    return Expression(*read(text))
