"""A shelf: reference rows held in the process, since they are read on every page and change a few times a year."""

import uuid
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from django.core.cache import cache
from django.db import transaction

T = TypeVar("T")

SECONDS = 300
"""How long another process may read the old rows: its own cache forgets the stamp after so long."""


class Shelf:
    """What was read once is given again until `clear()`, or until the stamp in Django's cache is forgotten.

    Values are shared between threads and callers: read them, never change them.
    """

    def __init__(self, name: str) -> None:
        self._name = f"shelf:{name}"
        self._held: tuple[str, dict[Hashable, Any]] = ("", {})

    def take(self, key: Hashable, read: Callable[[], T]) -> T:
        """The value of `key`, read by `read` when it is not there."""
        stamp = cache.get(self._name)
        if stamp is None:
            cache.add(self._name, uuid.uuid4().hex, SECONDS)
            stamp = cache.get(self._name)
        held = self._held
        if held[0] != stamp:
            held = self._held = (stamp, {})
        if key not in held[1]:
            held[1][key] = read()
        return cast(T, held[1][key])

    def clear(self) -> None:
        """Forget everything, now and once more when the transaction is committed.

        Between the two a reader in another thread may still have put the old rows back.
        """
        self._forget()
        transaction.on_commit(self._forget)

    def _forget(self) -> None:
        cache.set(self._name, uuid.uuid4().hex, SECONDS)
