"""Papers that prove something: real JPEG bytes, kept."""

from datetime import datetime
from io import BytesIO

from PIL import Image

from qianan.ground.evidence.actions import keep
from qianan.kernel.actor import Actor


def a_paper(*, by: Actor, now: datetime, shade: int = 200) -> str:
    """The SHA-256 of a kept photo of a paper."""
    out = BytesIO()
    Image.new("RGB", (64, 48), (shade, 180, 90)).save(out, "JPEG")
    return keep(out.getvalue(), name="paper.jpg", by=by, now=now).sha256
