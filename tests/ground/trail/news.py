"""News for the tests of the trail: a kettle that boils."""

from dataclasses import dataclass

from qianan.kernel.actor import Actor
from qianan.kernel.ids import NIL
from qianan.kernel.news import Event
from qianan.kernel.ref import Ref


@dataclass(frozen=True, kw_only=True)
class KettleBoiled(Event):
    litres: int = 1
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class KettleCooled(Event):
    silent = True


CLOCK = Actor.system()


def kettle(number: int = 1, *, place: str = "110105001", business=NIL, litres: int = 1, note: str = "") -> KettleBoiled:
    return KettleBoiled(
        about=Ref.of("tests.kettle", business, f"k{number}"), place_code=place, litres=litres, note=note
    )
