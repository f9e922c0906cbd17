"""Small real pictures, made here: honest ones, broken ones, hostile ones."""

import io
import random
import struct
import zlib
from typing import Any

from PIL import Image

GPS_BEIJING = {1: "N", 2: (39.0, 54.0, 30.0), 3: "E", 4: (116.0, 27.0, 36.0)}
"""39.908333 N, 116.46 E: near Jianguomenwai."""


def picture(seed: int = 1, size: tuple[int, int] = (320, 240)) -> Image.Image:
    """A picture of coloured patches; another seed is another view."""
    chance = random.Random(seed)
    return Image.frombytes("RGB", (16, 12), chance.randbytes(16 * 12 * 3)).resize(size, Image.Resampling.BICUBIC)


def saved(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photo(seed: int = 1, kind: str = "JPEG", size: tuple[int, int] = (320, 240), **options: Any) -> bytes:
    return saved(picture(seed, size), kind, **options)


def exif(
    *,
    taken: str = "2026:11:02 09:00:00",
    zone: str = "",
    gps: dict[int, Any] | None = None,
    orientation: int = 1,
    camera: str = "",
) -> bytes:
    data = Image.Exif()
    data[0x0112] = orientation
    if camera:
        data[0x010F], data[0x0110] = camera.split(" ", 1)
    details = data.get_ifd(0x8769)
    if taken:
        details[0x9003] = taken
    if zone:
        details[0x9011] = zone
    if gps:
        data.get_ifd(0x8825).update(gps)
    return data.tobytes()


def png_that_claims(width: int, height: int) -> bytes:
    """A few hundred bytes of PNG whose header claims any number of points: a decompression bomb."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


def paper(extra: bytes = b"") -> bytes:
    """The smallest PDF of one empty page."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R" + extra + b">>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R>>endobj\n"
        b"xref\n0 1\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
    )
