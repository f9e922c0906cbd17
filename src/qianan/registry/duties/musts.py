"""三管三必须 as one matrix: outside, the body of the place and the bureau of the trade; inside, line and posts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from qianan.registry.businesses import queries as businesses
from qianan.registry.businesses.models import Business
from qianan.registry.businesses.queries import OutsideOwner
from qianan.registry.duties.chairs import PostView, Who, who
from qianan.registry.duties.models import Post


@dataclass(frozen=True)
class Musts:
    """Who must answer for the safety of a business, by name, with dates; a vacancy says since when and who stands in.

    Outside: `territory`, `industry` (empty = it stands in the queue), `comprehensive`, `special`. Inside:
    `business_line` (管业务), `production` (管生产经营: production and staff posts), `principal`, `safety_manager`.
    """

    territory: tuple[OutsideOwner, ...]
    industry: tuple[OutsideOwner, ...]
    comprehensive: tuple[OutsideOwner, ...]
    special: tuple[OutsideOwner, ...]
    principal: tuple[Who, ...]
    safety_manager: tuple[Who, ...]
    business_line: tuple[Who, ...]
    production: tuple[Who, ...]

    @property
    def unassigned(self) -> bool:
        """Whether no industry department answers for it yet."""
        return not self.industry

    @property
    def vacancies(self) -> tuple[Who, ...]:
        inside = (*self.principal, *self.safety_manager, *self.business_line, *self.production)
        return tuple(each for each in inside if each.vacant)


def three_musts(business: Business, on: date) -> Musts:
    """The matrix of one business on a day. A constant number of statements."""
    outside = businesses.three_musts(business.id, on=on)
    posts = Post.objects.filter(business_id=business.id)
    inside = who([post.id for post in posts if post.until is None or post.until > on], on=on)
    ordered = sorted(inside.values(), key=lambda each: (each.post.position, each.post.since, each.post.id))

    def of(kinds: Iterable[str]) -> tuple[Who, ...]:
        wanted = set(kinds)
        return tuple(each for each in ordered if each.post.kind in wanted)

    return Musts(
        territory=outside.territory,
        industry=outside.industry,
        comprehensive=outside.comprehensive,
        special=outside.special,
        principal=of({"principal"}),
        safety_manager=of({"safety_manager"}),
        business_line=of({"business_line"}),
        production=of({"production", "worker"}),
    )


__all__ = ["Musts", "PostView", "three_musts"]
