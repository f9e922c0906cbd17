"""Who makes lists: the city's offices and the house's administrators; everybody else answers them."""

from qianan.kernel.actor import Actor
from qianan.kernel.problems import NotYours


def can_draft(actor: Actor) -> bool:
    """Whether this actor may draft, test, publish and retire versions: a city officer of no line, an admin."""
    return actor.is_system or actor.is_admin or any(not seat.line for seat in actor.officer_seats(("city",)))


def check_may_draft(actor: Actor) -> None:
    """Raises NotYours("not_a_list_maker") unless `can_draft`."""
    if not can_draft(actor):
        raise NotYours("not_a_list_maker")
