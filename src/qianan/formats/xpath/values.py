"""What an expression comes to. Any tree has a value; nothing here raises."""

import math
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from qianan.formats import pattern
from qianan.formats.xpath.tree import MAX_TEXT, SPACES, Chain, Literal, Minus, Name, Node, Own

Value = str | float | bool
EPOCH = date(1970, 1, 1)
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)\Z", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)


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
    text = value.strip(SPACES)
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


class Evaluator:
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
    "selected": lambda value, choice: text_of(choice).strip(SPACES) in _split(value),
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
