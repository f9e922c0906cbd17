"""Words of evidence: what is wrong with a photo, what hangs where."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PROBLEMS = {
    "empty_photo": _("Nothing arrived. Choose the photo again and send it."),
    "photo_too_large": _("This file has %(bytes)s; at most %(limit_bytes)s are taken. Take the photo smaller."),
    "picture_too_large": _("This picture has too many points: %(limit)s at most. Take it smaller."),
    "unknown_file_type": _("Only photos (JPEG, PNG, WebP, HEIC) and PDF papers are taken."),
    "broken_picture": _("This photo is not whole. Take it again, or send it again."),
    "broken_paper": _("This PDF is not whole. Save it anew and send it again."),
    "paper_with_script": _("There is a program in this PDF. Print it to a new PDF and send that."),
    "unknown_photo": _("A photo that this names has not arrived. Send the photo first, then this again."),
    "no_file": _("There is no such photo or paper."),
    "storage_failed": _("The photo could not be kept, and nothing of it stays. Try again later."),
}
NEWS = {
    "evidence.EvidenceKept": _("%(by)s added photos or papers (%(stage)s): %(count)s."),
    "evidence.EvidenceReused": _(
        "A photo that %(by)s added (%(stage)s) was seen before: %(earlier)s. Bits that differ: %(distance)s of 64."
    ),
}
LABELS = {
    "evidence.kind.photo": pgettext_lazy("evidence", "photo"),
    "evidence.kind.paper": pgettext_lazy("evidence", "paper"),
    "photo.stage.before": pgettext_lazy("photo", "before"),
    "photo.stage.after": pgettext_lazy("photo", "after"),
    "photo.stage.proof": pgettext_lazy("photo", "proof"),
    "photo.stage.receipt": pgettext_lazy("photo", "receipt"),
    "photo.stage.plan": pgettext_lazy("photo", "plan"),
}
