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

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from qianan.formats import pattern

Value = str | float | bool

MAX_LENGTH, MAX_DEPTH, MAX_TEXT = 2000, 32, 20_000
EPOCH = date(1970, 1, 1)


class XPathError(ValueError):
    """The expression is not one we read. `why` is English for list makers, `position` counts characters from 0."""

    def __init__(self, why: str, position: int) -> None:
        super().__init__(f"{why} (at {position + 1})")
        self.why, self.position = why, position


# -- the tree ------------------------------------------------------------------


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
        return _Evaluator(own, lookup, today).of(self.root)

    def holds(
        self, *, own: str = "", lookup: Callable[[str], str | None] = lambda name: None, today: date = EPOCH
    ) -> bool:
        """Its value as truth."""
        return truth(self.value(own=own, lookup=lookup, today=today))

    def __str__(self) -> str:
        return _write(self.root, 0)


# -- reading -------------------------------------------------------------------

_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
      (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<text>'[^']*'|"[^"]*")
    | \$\{[ ]*(?P<item>[^\W\d][\w.-]*)[ ]*\}
    | (?P<path>(?:(?:\.\./)+|\./|/(?:[^\W\d][\w.-]*/)+)[^\W\d][\w.-]*)
    | (?P<name>[^\W\d][\w.-]*)
    | (?P<sign>!=|<=|>=|[=<>+*(),-])
    | (?P<own>\.(?![.\d]))
    )""",
    re.VERBOSE,
)
_LEVELS: tuple[tuple[str, ...], ...] = (
    ("or",),
    ("and",),
    ("=", "!="),
    ("<", "<=", ">", ">="),
    ("+", "-"),
    ("*", "div", "mod"),
)
_SPACES = " \t\r\n"
_WORDS = frozenset({"or", "and", "div", "mod"})
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)\Z", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)

FUNCTIONS: dict[str, tuple[int, int]] = {
    "true": (0, 0),
    "false": (0, 0),
    "not": (1, 1),
    "boolean": (1, 1),
    "number": (1, 1),
    "string": (1, 1),
    "if": (3, 3),
    "coalesce": (1, 8),
    "selected": (2, 2),
    "count-selected": (1, 1),
    "regex": (2, 2),
    "string-length": (1, 1),
    "contains": (2, 2),
    "starts-with": (2, 2),
    "concat": (1, 16),
    "normalize-space": (1, 1),
    "int": (1, 1),
    "round": (1, 1),
    "floor": (1, 1),
    "ceiling": (1, 1),
    "abs": (1, 1),
    "min": (1, 16),
    "max": (1, 16),
    "today": (0, 0),
    "date": (1, 1),
}
"""Each function with the fewest and most arguments it takes. `regex` matches the whole text, as ODK has it."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def parse(text: str) -> Expression:
    """Read an expression. Raises XPathError."""
    if len(text) > MAX_LENGTH:
        raise XPathError(f"longer than {MAX_LENGTH} characters", MAX_LENGTH)
    reader = _Reader(_tokens(text))
    root = reader.level(0)
    reader.end()
    return Expression(root, frozenset(reader.names), reader.asks_own)


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    while text[at:].strip(_SPACES):
        match = _TOKEN.match(text, at)
        if match is None:
            spot = len(text) - len(text[at:].lstrip(_SPACES))
            raise XPathError(f"cannot read {text[spot : spot + 10]!r}", spot)
        kind = str(match.lastgroup)
        word = match.group(kind)
        spot = match.start(kind)
        after_value = bool(found) and (
            found[-1].kind in {"number", "text", "item", "path", "name", "own"} or found[-1].text == ")"
        )
        if kind == "name" and word in _WORDS and after_value:
            kind = "sign"
        found.append(_Token(kind, word, spot))
        at = match.end()
    found.append(_Token("end", "", len(text)))
    return found


class _Reader:
    """Recursive descent over the tokens, as deep as MAX_DEPTH."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens, self.place, self.depth = tokens, 0, 0
        self.names: set[str] = set()
        self.asks_own = False

    @property
    def token(self) -> _Token:
        return self.tokens[self.place]

    def next(self) -> _Token:
        token = self.token
        self.place += 1
        return token

    def end(self) -> None:
        if self.token.kind != "end":
            raise XPathError(f"did not expect {self.token.text!r} here", self.token.at)

    def level(self, number: int) -> Node:
        if number == len(_LEVELS):
            return self.unary()
        first = self.level(number + 1)
        rest: list[tuple[str, Node]] = []
        while self.token.kind == "sign" and self.token.text in _LEVELS[number]:
            sign = self.next().text
            rest.append((sign, self.level(number + 1)))
        return Chain(first, tuple(rest)) if rest else first

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise XPathError(f"nested deeper than {MAX_DEPTH}", self.token.at)

    def unary(self) -> Node:
        if self.token.kind == "sign" and self.token.text == "-":
            self.next()
            self.deeper()
            inner = self.unary()
            self.depth -= 1
            return Minus(inner)
        return self.primary()

    def primary(self) -> Node:
        token = self.next()
        if token.kind == "number":
            return Literal(float(token.text))
        if token.kind == "text":
            return Literal(token.text[1:-1])
        if token.kind == "own":
            self.asks_own = True
            return Own()
        if token.kind in {"item", "path"}:
            return self.name(token.text.rsplit("/", 1)[-1])
        if token.kind == "name":
            if self.token.text == "(" and self.token.kind == "sign":
                return self.call(token)
            return self.name(token.text)
        if token.text == "(":
            self.deeper()
            inner = self.level(0)
            self.close()
            self.depth -= 1
            return inner
        if token.kind == "end":
            raise XPathError("ends too early", token.at)
        raise XPathError(f"did not expect {token.text!r} here", token.at)

    def name(self, code: str) -> Name:
        self.names.add(code)
        return Name(code)

    def close(self) -> None:
        if self.token.text != ")" or self.token.kind != "sign":
            raise XPathError("a closing ) is missing", self.token.at)
        self.next()

    def call(self, word: _Token) -> Call:
        limits = FUNCTIONS.get(word.text)
        if limits is None:
            raise XPathError(f"there is no function {word.text}()", word.at)
        self.next()
        self.deeper()
        args: list[Node] = []
        if not (self.token.kind == "sign" and self.token.text == ")"):
            args.append(self.level(0))
            while self.token.kind == "sign" and self.token.text == ",":
                self.next()
                args.append(self.level(0))
        self.close()
        self.depth -= 1
        if not limits[0] <= len(args) <= limits[1]:
            wanted = str(limits[0]) if limits[0] == limits[1] else f"{limits[0]} to {limits[1]}"
            raise XPathError(f"{word.text}() takes {wanted} values, not {len(args)}", word.at)
        if word.text == "regex":
            self.check_pattern(args[1], word.at)
        return Call(word.text, tuple(args))

    def check_pattern(self, node: Node, at: int) -> None:
        if not isinstance(node, Literal) or not isinstance(node.value, str):
            raise XPathError("the pattern of regex() must be a text in quotes", at)
        try:
            pattern.compiled(node.value)
        except pattern.PatternError as error:
            raise XPathError(f"pattern: {error}", at) from None


# -- writing -------------------------------------------------------------------


def _write(node: Node, level: int) -> str:
    """The expression as text, with no more parentheses than it needs."""
    if isinstance(node, Literal):
        if isinstance(node.value, float):
            return text_of(node.value)
        return f"'{node.value}'" if "'" not in node.value else f'"{node.value}"'
    if isinstance(node, Own):
        return "."
    if isinstance(node, Name):
        return f"${{{node.code}}}"
    if isinstance(node, Minus):
        return f"-{_write(node.of, len(_LEVELS))}"
    if isinstance(node, Call):
        return f"{node.function}({', '.join(_write(each, 0) for each in node.args)})"
    own = next(number for number, signs in enumerate(_LEVELS) if node.rest[0][0] in signs)
    parts = [_write(node.first, own + 1)]
    parts += [f"{sign} {_write(each, own + 1)}" for sign, each in node.rest]
    text = " ".join(parts)
    return f"({text})" if own < level else text


# -- values --------------------------------------------------------------------


def truth(value: Value) -> bool:
    """XPath's boolean(): a text that is not empty, a number that is neither 0 nor NaN."""
    if isinstance(value, bool):
        return value
    return value != "" if isinstance(value, str) else not (value == 0 or math.isnan(value))


def number_of(value: Value) -> float:
    """XPath's number(), and a day as days since 1970-01-01."""
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, float):
        return value
    text = value.strip(_SPACES)
    if _NUMBER.match(text):
        return float(text)
    if _DAY.match(text):
        try:
            return float((date.fromisoformat(text) - EPOCH).days)
        except ValueError:
            return math.nan
    return math.nan


def text_of(value: Value) -> str:
    """XPath's string(): true, false, NaN, Infinity, numbers without exponent and without a needless point."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    return format(Decimal(repr(value)), "f").removesuffix(".0")


def _split(value: Value) -> list[str]:
    """The choices in a text, parted by XPath's own white space."""
    return [each for each in re.split("[ \t\r\n]+", text_of(value)) if each]


class _Evaluator:
    def __init__(self, own: str, lookup: Callable[[str], str | None], today: date) -> None:
        self.own, self.lookup, self.today = own, lookup, today

    def of(self, node: Node) -> Value:
        if isinstance(node, Literal):
            return node.value
        if isinstance(node, Own):
            return self.own
        if isinstance(node, Name):
            return self.lookup(node.code) or ""
        if isinstance(node, Minus):
            return -number_of(self.of(node.of))
        if isinstance(node, Chain):
            return self.chain(node)
        return self.call(node.function, node.args)

    def chain(self, node: Chain) -> Value:
        sign = node.rest[0][0]
        if sign in {"or", "and"}:
            stop = sign == "or"
            if truth(self.of(node.first)) is stop:
                return stop
            return stop if any(truth(self.of(each)) is stop for _, each in node.rest) else not stop
        value = self.of(node.first)
        for sign, each in node.rest:
            value = _binary(sign, value, self.of(each))
        return value

    def call(self, function: str, args: tuple[Node, ...]) -> Value:
        if function == "if":
            return self.of(args[1] if truth(self.of(args[0])) else args[2])
        if function == "coalesce":
            for each in args:
                value = self.of(each)
                if not isinstance(value, str) or value != "":
                    return value
            return ""
        if function == "today":
            return self.today.isoformat()
        return _CALLS[function](*(self.of(each) for each in args))


def _binary(sign: str, left: Value, right: Value) -> Value:
    if sign in {"=", "!="}:
        if isinstance(left, bool) or isinstance(right, bool):
            same = truth(left) == truth(right)
        elif isinstance(left, str) and isinstance(right, str):
            same = left == right
        else:
            same = number_of(left) == number_of(right)
        return same is (sign == "=")
    a, b = number_of(left), number_of(right)
    if sign == "<":
        return a < b
    if sign == "<=":
        return a <= b
    if sign == ">":
        return a > b
    if sign == ">=":
        return a >= b
    if sign == "+":
        return a + b
    if sign == "-":
        return a - b
    if sign == "*":
        return a * b
    return _divide(a, b) if sign == "div" else _modulo(a, b)


def _divide(a: float, b: float) -> float:
    if b != 0:
        return a / b
    if a == 0 or math.isnan(a):
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1, b)


def _modulo(a: float, b: float) -> float:
    """The rest has the sign of the dividend, as in XPath and JavaScript."""
    if b == 0 or math.isinf(a) or math.isnan(a) or math.isnan(b):
        return math.nan
    return math.fmod(a, b)


def _whole(rounding: Callable[[float], int]) -> Callable[[Value], float]:
    def call(value: Value) -> float:
        number = number_of(value)
        return number if math.isnan(number) or math.isinf(number) else float(rounding(number))

    return call


def _least(choose: Callable[[list[float]], float]) -> Callable[..., float]:
    def call(*values: Value) -> float:
        numbers = [number_of(value) for value in values]
        return math.nan if any(math.isnan(each) for each in numbers) else choose(numbers)

    return call


def _date(value: Value) -> str:
    """A day from a text or from days since 1970-01-01; empty when it is none."""
    number = number_of(value)
    if math.isnan(number) or not -719_162 <= number <= 2_932_896:  # the years 1 to 9999
        return ""
    return (EPOCH + timedelta(days=math.floor(number))).isoformat()


_CALLS: dict[str, Callable[..., Value]] = {
    "true": lambda: True,
    "false": lambda: False,
    "not": lambda value: not truth(value),
    "boolean": truth,
    "number": number_of,
    "string": text_of,
    "selected": lambda value, choice: text_of(choice).strip(_SPACES) in _split(value),
    "count-selected": lambda value: float(len(_split(value))),
    "regex": lambda value, rule: pattern.compiled(text_of(rule)).fits(text_of(value)),
    "string-length": lambda value: float(len(text_of(value))),
    "contains": lambda value, part: text_of(part) in text_of(value),
    "starts-with": lambda value, part: text_of(value).startswith(text_of(part)),
    "concat": lambda *values: "".join(text_of(value) for value in values)[:MAX_TEXT],
    "normalize-space": lambda value: " ".join(_split(value)),
    "int": _whole(math.trunc),
    "round": _whole(lambda number: math.floor(number + 0.5)),
    "floor": _whole(math.floor),
    "ceiling": _whole(math.ceil),
    "abs": lambda value: abs(number_of(value)),
    "min": _least(min),
    "max": _least(max),
    "date": _date,
}
