"""Text becomes a tree, or a fault with its place."""

import re
from dataclasses import dataclass

from qianan.formats import pattern
from qianan.formats.xpath.tree import (
    LEVELS,
    MAX_DEPTH,
    MAX_LENGTH,
    SPACES,
    Call,
    Chain,
    Literal,
    Minus,
    Name,
    Node,
    Own,
    XPathError,
)

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
_WORDS = frozenset({"or", "and", "div", "mod"})


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    while text[at:].strip(SPACES):
        match = _TOKEN.match(text, at)
        if match is None:
            spot = len(text) - len(text[at:].lstrip(SPACES))
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


class Reader:
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
        if number == len(LEVELS):
            return self.unary()
        first = self.level(number + 1)
        rest: list[tuple[str, Node]] = []
        while self.token.kind == "sign" and self.token.text in LEVELS[number]:
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


def read(text: str) -> tuple[Node, frozenset[str], bool]:
    """The tree, the items it asks for, and whether it asks for the own answer. Raises XPathError."""
    if len(text) > MAX_LENGTH:
        raise XPathError(f"longer than {MAX_LENGTH} characters", MAX_LENGTH)
    reader = Reader(_tokens(text))
    root = reader.level(0)
    reader.end()
    return root, frozenset(reader.names), reader.asks_own
