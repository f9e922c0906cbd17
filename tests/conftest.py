"""Fixtures of all tests: the code tables, the street, a clock that can be turned, news that can travel."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils.translation.reloader import translation_file_changed

from qianan.catalogue import COMPILED, compile_catalogues
from tests import basis, cast


def pytest_configure() -> None:
    """Words compiled only now (the first run of a fresh clone): Django has looked for them already and looks again."""
    if compile_catalogues():
        translation_file_changed(sender=None, file_path=COMPILED)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: "pytest_django.DjangoDbBlocker") -> None:  # noqa: F821
    with django_db_blocker.unblock():
        basis.lay()


@pytest.fixture(autouse=True)
def _clean_house(settings: "pytest_django.fixtures.SettingsWrapper", tmp_path: Path) -> Iterator[None]:  # noqa: F821
    """Each test has its own folder for media and keys, an empty cache, and the machine's own time."""
    from qianan.doors.kit import now

    settings.MEDIA_ROOT = tmp_path / "media"
    settings.QIANAN_KEYS = tmp_path / "keys"
    cache.clear()
    yield
    now.reset()


@pytest.fixture
def codes(db: None) -> None:
    """The code tables; a test with its own transactions may have emptied them."""
    basis.lay()


@pytest.fixture
def street(codes: None) -> cast.Street:
    return cast.gather()


@pytest.fixture
def turn_the_clock() -> Callable[..., datetime]:
    """`turn_the_clock(days=16)`: move the doors' clock and give the new hour."""
    from qianan.doors.kit import now

    def turn(to: datetime | None = None, **by: float) -> datetime:
        if to is not None:
            now.turn_to(to)
        now.turn(timedelta(**by))
        return now.now()

    return turn


@pytest.fixture
def let_news_travel() -> Callable[..., int]:
    """Serve every ticket that is due at the doors' hour."""
    from qianan.doors.kit import now
    from qianan.ground.trail import delivery

    return lambda at=None: delivery.work_all(at or now.now())
