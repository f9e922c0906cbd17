"""Patterns for `regex()`: the part of regular expressions that can be matched in time linear in the text.

Literals, `.`, classes `[a-z0-9_]` `[^…]`, `\\d \\w \\s \\D \\W \\S`, escapes, groups `( )` `(?: )`, `|`, and the
quantifiers `* + ? {m} {m,} {m,n}`; `^` and `$` only at the ends, where they change nothing, since the whole text must
fit. No look-around and no back-references. Matched by walking all states at once (Thompson), never by trying back.
`\\d`, `\\w` and `\\s` mean ASCII, as in JavaScript; `.` is anything but a line break.
"""

from dataclasses import dataclass
from functools import lru_cache

MAX_PATTERN, MAX_STATES, MAX_REPEAT = 300, 2000, 200

_DIGITS = ((48, 57),)
_WORD = ((48, 57), (65, 90), (95, 95), (97, 122))
_SPACE = ((9, 13), (32, 32), (160, 160), (8232, 8233), (12288, 12288))
_CLASSES = {"d": _DIGITS, "w": _WORD, "s": _SPACE}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


class PatternError(ValueError):
    """The pattern is not one we match."""


@dataclass(frozen=True, slots=True)
class _Chars:
    """One character: within one of the ranges, or (negated) within none."""

    ranges: tuple[tuple[int, int], ...]
    negated: bool = False

    def takes(self, char: int) -> bool:
        return any(low <= char <= high for low, high in self.ranges) is not self.negated


@dataclass(frozen=True, slots=True)
class _Row:
    """One after the other."""

    parts: tuple["_Part", ...]


@dataclass(frozen=True, slots=True)
class _Either:
    parts: tuple["_Part", ...]


@dataclass(frozen=True, slots=True)
class _Often:
    part: "_Part"
    least: int
    most: int | None


_Part = _Chars | _Row | _Either | _Often


class Pattern:
    """A compiled pattern; `fits(text)` says whether the whole text is one."""

    def __init__(self, source: str) -> None:
        self.steps: list[tuple[_Chars | None, int]] = []  # a character to take (or None: the end), then where
        self.free: list[list[int]] = []  # where one comes to without taking a character
        self.start = self.build(_Reader(source).whole(), self.state(None, -1))

    def state(self, chars: _Chars | None, then: int, *free: int) -> int:
        if len(self.steps) >= MAX_STATES:
            raise PatternError("too large")
        self.steps.append((chars, then))
        self.free.append(list(free))
        return len(self.steps) - 1

    def build(self, part: _Part, then: int) -> int:
        """The state from which this part leads on to `then`."""
        if isinstance(part, _Chars):
            return self.state(part, then)
        if isinstance(part, _Row):
            for each in reversed(part.parts):
                then = self.build(each, then)
            return then
        if isinstance(part, _Either):
            return self.state(None, -2, *(self.build(each, then) for each in part.parts))
        if part.most is None:
            again = self.state(None, -2, then)
            self.free[again].append(self.build(part.part, again))
            then = again
        else:
            for _ in range(part.most - part.least):
                then = self.state(None, -2, then, self.build(part.part, then))
        for _ in range(part.least):
            then = self.build(part.part, then)
        return then

    def reach(self, states: set[int]) -> set[int]:
        todo, found = list(states), set(states)
        while todo:
            for each in self.free[todo.pop()]:
                if each not in found:
                    found.add(each)
                    todo.append(each)
        return found

    def fits(self, text: str) -> bool:
        states = self.reach({self.start})
        for char in text:
            code = ord(char)
            following = set()
            for each in states:
                chars, then = self.steps[each]
                if chars is not None and chars.takes(code):
                    following.add(then)
            if not following:
                return False
            states = self.reach(following)
        return any(self.steps[each] == (None, -1) for each in states)


@lru_cache(maxsize=512)
def compiled(source: str) -> Pattern:
    """Read a pattern. Raises PatternError."""
    return Pattern(source)


class _Reader:
    def __init__(self, source: str) -> None:
        if len(source) > MAX_PATTERN:
            raise PatternError(f"longer than {MAX_PATTERN} characters")
        self.text = source.removeprefix("^")
        if self.text.endswith("$") and not self.text.endswith("\\$"):
            self.text = self.text[:-1]
        self.at, self.depth = 0, 0

    def whole(self) -> _Part:
        part = self.either()
        if self.at < len(self.text):
            raise PatternError(f"did not expect {self.text[self.at]!r}")
        return part

    def look(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def take(self) -> str:
        char = self.look()
        if not char:
            raise PatternError("ends too early")
        self.at += 1
        return char

    def either(self) -> _Part:
        parts = [self.row()]
        while self.look() == "|":
            self.take()
            parts.append(self.row())
        return parts[0] if len(parts) == 1 else _Either(tuple(parts))

    def row(self) -> _Part:
        parts: list[_Part] = []
        while self.look() and self.look() not in "|)":
            parts.append(self.often(self.one()))
        return _Row(tuple(parts))

    def often(self, part: _Part) -> _Part:
        char = self.look()
        if char in {"*", "+", "?"}:
            self.take()
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[char]
        elif char == "{":
            least, most = self.counts()
        else:
            return part
        if self.look() and self.look() in "*+?{":
            raise PatternError(f"did not expect {self.look()!r} after a quantifier")
        return _Often(part, least, most)

    def counts(self) -> tuple[int, int | None]:
        self.take()
        inside = ""
        while self.look() not in {"}", ""}:
            inside += self.take()
        if self.look() != "}":
            raise PatternError("a closing } is missing")
        self.take()
        low, comma, high = inside.partition(",")
        if not (low.isascii() and low.isdigit()) or (high and not (high.isascii() and high.isdigit())):
            raise PatternError(f"cannot read {{{inside}}}")
        if len(low) > 4 or len(high) > 4:
            raise PatternError(f"repeats more than {MAX_REPEAT} times")
        least = int(low)
        most = least if not comma else (int(high) if high else None)
        if most is not None and most < least:
            raise PatternError(f"{{{inside}}} ends before it begins")
        if max(least, most or 0) > MAX_REPEAT:
            raise PatternError(f"repeats more than {MAX_REPEAT} times")
        return least, most

    def one(self) -> _Part:
        char = self.take()
        if char == "(":
            if self.look() == "?":
                self.take()
                if self.look() != ":":
                    raise PatternError("only plain groups ( ) and (?: ) are read")
                self.take()
            self.depth += 1
            if self.depth > 20:
                raise PatternError("nested too deep")
            part = self.either()
            self.depth -= 1
            if self.look() != ")":
                raise PatternError("a closing ) is missing")
            self.take()
            return part
        if char == "[":
            return self.set()
        if char == ".":
            return _Chars(((10, 10), (13, 13), (8232, 8233)), negated=True)
        if char == "\\":
            return self.escape()
        if char in "*+?{}^$]":
            raise PatternError(f"did not expect {char!r}")
        return _only(char)

    def escape(self) -> _Chars:
        char = self.take()
        if char.lower() in _CLASSES:
            return _Chars(_CLASSES[char.lower()], negated=char.isupper())
        if char in _ESCAPES:
            return _only(_ESCAPES[char])
        if char.isalnum():
            raise PatternError(f"cannot read \\{char}")
        return _only(char)

    def set(self) -> _Chars:
        negated = self.look() == "^"
        if negated:
            self.take()
        if self.look() == "]":
            raise PatternError("an empty [ ]")
        ranges: list[tuple[int, int]] = []
        while self.look() != "]":
            low = self.member()
            if self.look() == "-" and self.text[self.at + 1 : self.at + 2] not in {"]", ""} and len(low) == 1:
                self.take()
                high = self.member()
                if low[0][0] != low[0][1] or len(high) != 1 or high[0][0] != high[0][1] or high[0][0] < low[0][0]:
                    raise PatternError("a range in [ ] is not right")
                ranges.append((low[0][0], high[0][0]))
            else:
                ranges += low
        self.take()
        return _Chars(tuple(ranges), negated)

    def member(self) -> tuple[tuple[int, int], ...]:
        char = self.take()
        if char == "\\":
            chars = self.escape()
            if chars.negated:
                raise PatternError("no negated class inside [ ]")
            return chars.ranges
        return ((ord(char), ord(char)),)


def _only(char: str) -> _Chars:
    return _Chars(((ord(char), ord(char)),))
