"""Words of places: what is wrong in a table of places, who took over from whom."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PROBLEMS = {
    "place_unknown": _("No place has the code %(code)s. Load it first, or mend the code."),
    "city_has_a_parent": _("A city stands at the root: leave its parent empty."),
    "does_not_nest": _(
        "%(code)s does not lie within %(parent)s: a code begins with the code of its parent, one level above."
    ),
    "not_on_earth": _("%(value)s is not a point on the earth. Give degrees, longitude and latitude."),
    "succeeds_itself": _("A place takes over from others, not from itself. Name at least one."),
    "place_has_ended": _("%(code)s ended on %(until)s already. Check the day."),
}
NEWS = {
    "places.PlacesLoaded": _("%(by)s loaded a table of places: %(added)s new, %(changed)s changed, %(ended)s ended."),
    "places.PlaceSucceeded": _("%(by)s recorded that this place takes over from %(succeeds)s, from %(since)s on."),
}
LABELS = {
    "place.level.city": pgettext_lazy("place", "city"),
    "place.level.district": pgettext_lazy("place", "district"),
    "place.level.street": pgettext_lazy("place", "sub-district or town"),
    "place.level.community": pgettext_lazy("place", "community or village"),
    "place.kind.city": pgettext_lazy("place", "city"),
    "place.kind.district": pgettext_lazy("place", "district"),
    "place.kind.development_area": pgettext_lazy("place", "development area"),
    "place.kind.science_park": pgettext_lazy("place", "science park"),
    "place.kind.airport": pgettext_lazy("place", "airport"),
    "place.kind.street": pgettext_lazy("place", "sub-district"),
    "place.kind.area": pgettext_lazy("place", "area"),
    "place.kind.town": pgettext_lazy("place", "town"),
    "place.kind.township": pgettext_lazy("place", "township"),
    "place.kind.community": pgettext_lazy("place", "community"),
    "place.kind.village": pgettext_lazy("place", "village"),
    "place.kind.residential_area": pgettext_lazy("place", "residential area"),
}
