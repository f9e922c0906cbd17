"""From the bytes that were sent to those that are kept: real type, limits, EXIF read and taken off, upright, smaller.

A hostile file may do anything: its type goes by its first bytes, its size in points by its header before a point is
decoded, and whatever the decoder raises is a broken picture.
"""

import io
import math
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from PIL import ExifTags, Image, ImageOps

from qianan.ground.evidence.likeness import dhash
from qianan.kernel.problems import Invalid, Problem, TooLarge

PHOTO, PAPER = "photo", "paper"
LONGEST_SIDE = 1920
"""Enough to read a nameplate; a phone's twelve million points are five times as many bytes and no more proof."""

THUMB_SIDE = 320
_QUALITY, _THUMB_QUALITY = 86, 72
_HEIF_BRANDS = frozenset((b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"))
_SCRIPT = re.compile(rb"/(?:JavaScript|JS|Launch|RichMedia)\b")
_LONGEST_PROFILE = 16_384

# The limit on points is ours (QIANAN_PHOTO_MAX_PIXELS) and is checked at the header; Pillow's own would only warn.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the camera wrote beside the picture."""

    taken_local: str = ""
    taken_at: datetime | None = None
    lat: float | None = None
    lon: float | None = None
    camera: str = ""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What is kept of what was sent; `thumb` is b"" for a paper."""

    kind: str
    media_type: str
    data: bytes
    thumb: bytes
    width: int | None
    height: int | None
    dhash: str
    facts: Facts


def type_of(data: bytes) -> str:
    """The real type by the first bytes: JPEG, PNG, WEBP, HEIF, PDF, or "" for anything else."""
    if data[:3] == b"\xff\xd8\xff":
        return "JPEG"
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "HEIF"
    return "PDF" if data[:5] == b"%PDF-" else ""


def clean(data: bytes, *, max_bytes: int, max_pixels: int) -> Cleaned:
    """What is kept of these bytes.

    Raises TooLarge: `photo_too_large` (bytes), `picture_too_large` (points); Invalid: `empty_photo`,
    `unknown_file_type` (neither JPEG, PNG, WebP, HEIC nor PDF, whatever its name), `broken_picture`, `broken_paper`,
    `paper_with_script`.
    """
    if not data:
        raise Invalid("empty_photo")
    if len(data) > max_bytes:
        raise TooLarge("photo_too_large", limit_bytes=max_bytes, bytes=len(data))
    kind = type_of(data)
    if not kind:
        raise Invalid("unknown_file_type")
    if kind == "PDF":
        return _paper(data)
    try:
        return _photo(data, kind, max_pixels)
    except Problem:
        raise
    except Exception as error:  # a decoder that meets a hostile file may raise anything at all
        raise Invalid("broken_picture", why=type(error).__name__) from error


def _paper(data: bytes) -> Cleaned:
    if b"startxref" not in data[-2048:] or b"%%EOF" not in data[-2048:]:
        raise Invalid("broken_paper")
    if _SCRIPT.search(data):
        raise Invalid("paper_with_script")
    return Cleaned(PAPER, "application/pdf", data, b"", None, None, "", Facts())


def _photo(data: bytes, kind: str, max_pixels: int) -> Cleaned:
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    with Image.open(io.BytesIO(data), formats=[kind]) as picture:
        width, height = picture.size
        if width * height > max_pixels:
            raise TooLarge("picture_too_large", limit=max_pixels, size=width * height)
        facts = _facts(picture)
        if kind == "JPEG":
            picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        profile = picture.info.get("icc_profile") or b""
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    # A new picture of the points alone: comments, XMP and EXIF stay behind.
    plain = _flat(upright)
    kept = Image.frombytes("RGB", plain.size, plain.tobytes())
    extra = {"icc_profile": profile} if 0 < len(profile) <= _LONGEST_PROFILE and upright.mode == "RGB" else {}
    out, small = io.BytesIO(), io.BytesIO()
    # A PNG is mostly a screenshot: its letters stay sharp when the colours are not halved.
    kept.save(out, "JPEG", quality=_QUALITY, subsampling=0 if kind == "PNG" else 2, **extra)
    thumb = kept.copy()
    thumb.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.BILINEAR)
    thumb.save(small, "JPEG", quality=_THUMB_QUALITY, **extra)
    return Cleaned(PHOTO, "image/jpeg", out.getvalue(), small.getvalue(), *kept.size, dhash(kept), facts)


def _flat(picture: Image.Image) -> Image.Image:
    """Red, green and blue; what was transparent lies on white."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        over = picture.convert("RGBA")
        under = Image.new("RGBA", over.size, "white")
        return Image.alpha_composite(under, over).convert("RGB")
    if picture.mode.startswith("I") or picture.mode == "F":
        return picture.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    return picture.convert("RGB")


def _facts(picture: Image.Image) -> Facts:
    """What EXIF says, as far as it makes sense; nonsense is left out and never a reason to refuse a picture."""
    local, at, place, camera = "", None, None, ""
    with suppress(Exception):
        exif = picture.getexif()
        camera = " ".join(filter(None, (_text(exif.get(tag)) for tag in (ExifTags.Base.Make, ExifTags.Base.Model))))
        details = exif.get_ifd(ExifTags.IFD.Exif)
        taken = _text(details.get(ExifTags.Base.DateTimeOriginal)) or _text(exif.get(ExifTags.Base.DateTime))
        with suppress(ValueError):
            zone = _zone(_text(details.get(ExifTags.Base.OffsetTimeOriginal)))
            moment = datetime.strptime(taken, "%Y:%m:%d %H:%M:%S").replace(tzinfo=zone)
            local = moment.replace(tzinfo=None).isoformat()
            at = moment.astimezone(UTC) if zone else None
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        place = _place(gps)
        at = at or _satellite_time(gps)
    lat, lon = place or (None, None)
    return Facts(taken_local=local, taken_at=at, lat=lat, lon=lon, camera=camera[:100])


def _text(value: Any) -> str:
    text = value.decode("ascii", "ignore") if isinstance(value, bytes) else value if isinstance(value, str) else ""
    return "".join(mark for mark in text if mark.isprintable()).strip()


def _zone(text: str) -> timezone | None:
    found = re.fullmatch(r"([+-])(\d\d):(\d\d)", text)
    if not found or int(found[2]) > 14 or int(found[3]) > 59:
        return None
    span = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-span if found[1] == "-" else span)


def _degrees(parts: Any, side: str) -> float | None:
    whole, minutes, seconds = (float(part) for part in parts)
    value = whole + minutes / 60 + seconds / 3600
    if not math.isfinite(value) or value < 0:
        return None
    return round(-value if side in ("S", "W") else value, 6)


def _place(gps: dict[int, Any]) -> tuple[float, float] | None:
    with suppress(KeyError, TypeError, ValueError, ZeroDivisionError):
        lat = _degrees(gps[ExifTags.GPS.GPSLatitude], _text(gps.get(ExifTags.GPS.GPSLatitudeRef)))
        lon = _degrees(gps[ExifTags.GPS.GPSLongitude], _text(gps.get(ExifTags.GPS.GPSLongitudeRef)))
        # A camera without a fix writes noughts.
        if lat is not None and lon is not None and abs(lat) <= 90 and abs(lon) <= 180 and (lat, lon) != (0, 0):
            return lat, lon
    return None


def _satellite_time(gps: dict[int, Any]) -> datetime | None:
    with suppress(KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        day = datetime.strptime(_text(gps[ExifTags.GPS.GPSDateStamp]), "%Y:%m:%d").replace(tzinfo=UTC)
        hours, minutes, seconds = (float(part) for part in gps[ExifTags.GPS.GPSTimeStamp])
        return day + timedelta(hours=hours, minutes=minutes, seconds=int(seconds))
    return None
