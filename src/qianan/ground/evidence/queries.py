"""What is asked of evidence. Who may see a file is decided by whoever fetched the object that it belongs to."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from qianan.ground.evidence import pictures, storage
from qianan.ground.evidence.links import check, sign
from qianan.ground.evidence.models import Attachment, File, Sending
from qianan.kernel.problems import NotFound
from qianan.kernel.ref import Ref

__all__ = ["Kept", "bytes_of", "check", "file_of", "files_of", "photos_by", "refs_of", "resolve", "sign"]

_SHA = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it hangs on an object. `at` is when it was tied (UTC), `by` a ref to who did.

    `taken_at` (UTC), `taken_local` (the camera's clock), `lat`, `lon` are what the camera said and may be wrong;
    `reused_from` is the ref of the object on which the same or nearly the same picture was seen before, or "".
    """

    sha256: str
    stage: str
    at: datetime
    by: str
    taken_at: datetime | None
    taken_local: str
    lat: float | None
    lon: float | None
    reused_from: str
    kind: str
    media_type: str
    about: str
    name: str = ""
    width: int | None = None
    height: int | None = None
    size: int = 0


def is_sha256(text: object) -> bool:
    """Whether this is a SHA-256 as we write it: 64 small hex digits."""
    return isinstance(text, str) and _SHA.fullmatch(text) is not None


def files_of(*refs: Ref) -> list[Kept]:
    """What hangs on these objects, in the order in which it was tied."""
    return [kept for each in photos_by(refs).values() for kept in each]


def photos_by(refs: Iterable[Ref]) -> dict[str, list[Kept]]:
    """What hangs on each of these objects, by the text of its ref; two queries however many objects."""
    wanted = list(dict.fromkeys(refs))
    found: dict[str, list[Kept]] = {str(ref): [] for ref in wanted}
    if not wanted:
        return found
    ties = list(
        Attachment.objects.filter(business_id__in={ref.business for ref in wanted}, about__in=list(found)).order_by(
            "at", "id"
        )
    )
    files = File.objects.in_bulk({tie.sha256 for tie in ties})
    for tie in ties:
        file = files[tie.sha256]
        found[tie.about].append(
            Kept(
                sha256=tie.sha256,
                stage=tie.stage,
                at=tie.at,
                by=tie.by,
                taken_at=file.taken_at,
                taken_local=file.taken_local,
                lat=file.lat,
                lon=file.lon,
                reused_from=tie.reused_from,
                kind=file.kind,
                media_type=file.media_type,
                about=tie.about,
                name=tie.name,
                width=file.width,
                height=file.height,
                size=file.size,
            )
        )
    return found


def file_of(sha256: str) -> File:
    """The facts of one file. Raises NotFound("no_file")."""
    file = File.objects.filter(sha256=sha256).first() if is_sha256(sha256) else None
    if file is None:
        raise NotFound("no_file", sha256=str(sha256)[:64])
    return file


def bytes_of(sha256: str, size: str = storage.FULL) -> tuple[bytes, str]:
    """The bytes and their media type; `size` is full or thumb (320 points at most; the full one if it got lost).

    Raises NotFound("no_file"), for a thumb also when the file is a paper; Unavailable("storage_failed").
    """
    file = file_of(sha256)
    if size == storage.THUMB and (file.kind != pictures.PHOTO or storage.path_of(sha256, storage.THUMB).exists()):
        return storage.get(sha256, storage.THUMB), "image/jpeg"
    return storage.get(sha256), file.media_type


def refs_of(sha256: str) -> list[Ref]:
    """The objects on which a file hangs: a door may show it to whoever may see one of them."""
    return [Ref.parse(about) for about in Attachment.objects.filter(sha256=sha256).values_list("about", flat=True)]


def resolve(shas: Sequence[str]) -> dict[str, str]:
    """From the hash of what was sent, or of what is kept, to the hash of what is kept; unknown ones are left out."""
    wanted = {sha for sha in shas if is_sha256(sha)}
    known = set(File.objects.filter(sha256__in=wanted).values_list("sha256", flat=True))
    found = {sha: sha for sha in known}
    if rest := wanted - known:
        found |= dict(Sending.objects.filter(original_sha256__in=rest).values_list("original_sha256", "sha256"))
    return found
