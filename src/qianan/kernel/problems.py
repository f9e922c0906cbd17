"""Refusals are values with names.

A problem has a stable `code` for programs and `params` for the words; the words themselves are put to it,
in the reader's language, by `doors/kit/problems.py`, which also maps each family to HTTP once.
"""

from collections.abc import Mapping
from typing import Any


class Problem(Exception):
    """Something that was asked for cannot be done. `code` is stable; `where` names the field, row or item."""

    family = "problem"
    default_code = "problem"

    def __init__(self, code: str = "", /, *, where: str = "", **params: Any) -> None:
        self.code = code or self.default_code
        self.where = where
        self.params: Mapping[str, Any] = params
        super().__init__(self.code)

    def __str__(self) -> str:
        details = ", ".join(f"{key}={value}" for key, value in self.params.items())
        place = f" at {self.where}" if self.where else ""
        return f"{self.code}{place}{f' ({details})' if details else ''}"

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Problem)
            and type(self) is type(other)
            and (self.code, self.where, dict(self.params)) == (other.code, other.where, dict(other.params))
        )

    def __hash__(self) -> int:
        return hash((type(self), self.code, self.where))


class NotFound(Problem):
    """No such thing, or none that this actor may see: the two look alike (404)."""

    family = "not_found"
    default_code = "not_found"


class NotYours(Problem):
    """Seen, but not this actor's to do (403)."""

    family = "not_yours"
    default_code = "not_yours"


class NotNow(Problem):
    """The lifecycle forbids it in this state (409)."""

    family = "not_now"
    default_code = "not_now"


class Conflict(Problem):
    """Same id, other content; or somebody was quicker (409)."""

    family = "conflict"
    default_code = "conflict"


class Invalid(Problem):
    """What came in is not right; `where` says which part, the code says what is wrong (422)."""

    family = "invalid"
    default_code = "invalid"


class InvalidMany(Problem):
    """Several things are not right at once; `problems` lists each (422)."""

    family = "invalid"
    default_code = "invalid_many"

    def __init__(self, problems: "list[Problem]") -> None:
        super().__init__("invalid_many", count=len(problems))
        self.problems = problems


class TooLarge(Problem):
    """More bytes, pixels or rows than we take; the limit is in the params (413)."""

    family = "too_large"
    default_code = "too_large"


class TooMany(Problem):
    """Too often in too short a time; `retry_after` is in seconds (429)."""

    family = "too_many"
    default_code = "too_many"


class Unavailable(Problem):
    """The database is locked, the disk is full: nothing was kept, try again with the same id (503)."""

    family = "unavailable"
    default_code = "unavailable"
