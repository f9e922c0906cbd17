"""A phone sends bytes; what is kept is clean, upright, small, and named by its hash."""

import errno
import hashlib
import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from qianan.ground.evidence import queries, storage
from qianan.ground.evidence.actions import keep
from qianan.ground.evidence.models import File, Sending
from qianan.ground.trail.models import Entry
from qianan.kernel.actor import Actor
from qianan.kernel.problems import Invalid, NotFound, Problem, TooLarge, Unavailable
from tests.cast import MONDAY
from tests.ground.evidence.pictures import GPS_BEIJING, exif, paper, photo, picture, png_that_claims, saved

PHONE = Actor(person=None, door="phone")

pytestmark = pytest.mark.django_db


def kept(data: bytes, **options: str) -> File:
    return keep(data, by=PHONE, now=MONDAY, **options)


def opened(file: File, size: str = "full") -> Image.Image:
    return Image.open(io.BytesIO(queries.bytes_of(file.sha256, size)[0]))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_each_kind_of_picture_is_kept_as_one_that_every_browser_shows(kind: str) -> None:
    data = photo(kind=kind)

    file = kept(data)

    body, told = queries.bytes_of(file.sha256)
    assert (file.kind, file.media_type, told, file.width, file.height) == (
        "photo",
        "image/jpeg",
        "image/jpeg",
        320,
        240,
    )
    assert hashlib.sha256(body).hexdigest() == file.sha256
    assert (file.size, file.original_sha256) == (len(body), hashlib.sha256(data).hexdigest())
    assert opened(file).format == "JPEG"
    assert max(opened(file, "thumb").size) == 320


def test_the_bytes_lie_in_a_folder_by_hash_and_nothing_else_does(settings: object) -> None:
    file = kept(photo())

    root = Path(settings.MEDIA_ROOT)  # type: ignore[attr-defined]
    found = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    assert found == [f"{file.sha256[:2]}/{file.sha256}", f"{file.sha256[:2]}/{file.sha256}.thumb"]


def test_the_same_bytes_again_are_the_same_file() -> None:
    assert kept(photo()) == kept(photo())
    assert (File.objects.count(), Sending.objects.count()) == (1, 1)
    assert not Entry.objects.exists()


def test_the_same_picture_with_other_exif_is_kept_once_and_known_by_both_hashes() -> None:
    plain, dressed = photo(quality=90), photo(quality=90, exif=exif())

    assert kept(plain) == kept(dressed)

    asked = [hashlib.sha256(each).hexdigest() for each in (plain, dressed)]
    (file,) = File.objects.all()
    assert queries.resolve(asked) == dict.fromkeys(asked, file.sha256)


def test_the_name_of_a_file_means_nothing() -> None:
    assert kept(photo(kind="PNG"), name="invoice.pdf.exe").kind == "photo"
    with pytest.raises(Invalid, match="unknown_file_type"):
        kept(b"MZ this is a program", name="photo.jpg")


def test_time_and_place_are_read_and_nothing_of_the_camera_stays_in_the_picture() -> None:
    data = photo(exif=exif(zone="+08:00", gps=GPS_BEIJING, camera="Huawei P60"), comment=b"Lao Wang, 13800000000")

    file = kept(data)

    assert file.taken_at == datetime(2026, 11, 2, 1, tzinfo=UTC)
    assert file.taken_local == "2026-11-02T09:00:00"
    assert (file.lat, file.lon, file.camera) == (39.908333, 116.46, "Huawei P60")
    body, _ = queries.bytes_of(file.sha256)
    assert dict(opened(file).getexif()) == {}
    assert b"Huawei" not in body
    assert b"13800000000" not in body
    assert b"Exif" not in body


def test_a_clock_without_a_zone_is_no_moment() -> None:
    file = kept(photo(exif=exif()))

    assert (file.taken_local, file.taken_at) == ("2026-11-02T09:00:00", None)


def test_a_satellite_tells_the_time_when_the_camera_has_no_zone() -> None:
    gps = {**GPS_BEIJING, 7: (1.0, 2.0, 3.0), 29: "2026:11:02"}

    assert kept(photo(exif=exif(gps=gps))).taken_at == datetime(2026, 11, 2, 1, 2, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "gps",
    [
        {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)},
        {1: "N", 2: (139.0, 0.0, 0.0), 3: "E", 4: (16.0, 0.0, 0.0)},
        {2: (39.0, 54.0)},
        {1: "Q", 2: (39.0, 54.0, 30.0), 3: "E"},
    ],
)
def test_a_place_that_makes_no_sense_is_left_out(gps: dict[int, object]) -> None:
    file = kept(photo(exif=exif(taken="yesterday", gps=gps)))

    assert (file.lat, file.lon, file.taken_local) == (None, None, "")


def test_a_picture_taken_sideways_stands_upright() -> None:
    tall = picture(size=(240, 320))
    on_its_side = tall.transpose(Image.Transpose.ROTATE_90)

    file = kept(saved(on_its_side, exif=exif(orientation=6)))

    assert (file.width, file.height) == (240, 320)
    assert queries.file_of(file.sha256).dhash == kept(saved(tall)).dhash


def test_a_large_picture_is_made_smaller() -> None:
    file = kept(photo(size=(4000, 1000)))

    assert (file.width, file.height) == (1920, 480)


@pytest.mark.parametrize("mode", ["L", "1", "P", "RGBA", "LA", "CMYK", "I;16"])
def test_any_kind_of_colour_becomes_plain(mode: str) -> None:
    image = picture().convert(mode) if mode != "I;16" else Image.new("I;16", (32, 24), 40_000)
    kind = "JPEG" if mode == "CMYK" else "PNG"

    assert opened(kept(saved(image, kind))).mode == "RGB"


def test_what_was_transparent_lies_on_white() -> None:
    file = kept(saved(Image.new("RGBA", (20, 20), (0, 0, 0, 0)), "PNG"))

    assert opened(file).getpixel((10, 10)) == (255, 255, 255)


def test_a_small_copy_that_got_lost_gives_the_large_one() -> None:
    file = kept(photo())
    storage.path_of(file.sha256, "thumb").unlink()

    assert queries.bytes_of(file.sha256, "thumb") == queries.bytes_of(file.sha256)


def test_a_paper_is_kept_as_it_is_and_has_no_small_picture() -> None:
    file = kept(paper())

    assert (file.kind, file.media_type, file.width, file.dhash) == ("paper", "application/pdf", None, "")
    assert queries.bytes_of(file.sha256) == (paper(), "application/pdf")
    with pytest.raises(NotFound, match="no_file"):
        queries.bytes_of(file.sha256, "thumb")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_photo"),
        (b"GIF89a" + b"\0" * 20, "unknown_file_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "unknown_file_type"),
        (b"<html>", "unknown_file_type"),
        (b"\0\0\0\x1cftypavif", "unknown_file_type"),
        (photo()[: len(photo()) // 2], "broken_picture"),
        (photo(kind="PNG")[:-200], "broken_picture"),
        (photo(kind="WEBP")[:400], "broken_picture"),
        (photo(kind="HEIF")[:600], "broken_picture"),
        (b"\xff\xd8\xff\xe0 not a picture", "broken_picture"),
        (b"\x89PNG\r\n\x1a\n and no more", "broken_picture"),
        (png_that_claims(0, 10), "broken_picture"),
        (paper()[:60], "broken_paper"),
        (paper(b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "paper_with_script"),
        (paper(b"/OpenAction<</S/Launch/F(cmd.exe)>>"), "paper_with_script"),
    ],
)
def test_what_is_neither_photo_nor_paper_is_refused_and_nothing_stays(data: bytes, code: str, settings: object) -> None:
    with pytest.raises(Invalid) as refused:
        kept(data)

    assert refused.value.code == code
    assert not File.objects.exists()
    assert not Path(settings.MEDIA_ROOT).exists()  # type: ignore[attr-defined]


@pytest.mark.parametrize(("width", "height"), [(10_000, 10_000), (60_000, 60_000), (2_000_000_000, 2)])
def test_a_bomb_is_refused_at_its_header(width: int, height: int) -> None:
    with pytest.raises(TooLarge) as refused:
        kept(png_that_claims(width, height))

    assert refused.value == TooLarge("picture_too_large", limit=60_000_000, size=width * height)


def test_limits_are_settings(settings: object) -> None:
    settings.QIANAN_PHOTO_MAX_PIXELS = 76_799  # type: ignore[attr-defined]
    with pytest.raises(TooLarge, match="picture_too_large"):
        kept(photo(size=(320, 240)))
    settings.QIANAN_PHOTO_MAX_BYTES = 1000  # type: ignore[attr-defined]
    with pytest.raises(TooLarge, match="photo_too_large"):
        kept(photo())


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "disk_full"), (errno.EDQUOT, "disk_full"), (errno.EIO, "storage_failed")]
)
@pytest.mark.parametrize("failing", ["fsync", "second write"])
def test_a_full_disk_keeps_nothing_and_the_next_try_works(
    number: int, code: str, failing: str, monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    calls = 0

    def full(handle: int) -> None:
        nonlocal calls
        calls += 1
        if failing == "fsync" or calls > 2:
            raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(Unavailable) as refused:
            kept(photo())

    assert refused.value.code == code
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []  # type: ignore[attr-defined]
    assert not File.objects.exists()
    assert queries.bytes_of(kept(photo()).sha256)[0]


def test_a_file_that_got_lost_on_the_disk_is_written_again() -> None:
    file = kept(photo())
    storage.path_of(file.sha256).unlink()
    with pytest.raises(NotFound, match="no_file"):
        queries.bytes_of(file.sha256)

    assert kept(photo()) == file
    assert queries.bytes_of(file.sha256)[0]


@pytest.mark.parametrize("sha", ["", "x", "../../etc/passwd", "0" * 64, None, 7])
def test_a_hash_that_names_nothing_is_not_found(sha: object) -> None:
    with pytest.raises(NotFound, match="no_file"):
        queries.bytes_of(sha)  # type: ignore[arg-type]


@given(
    st.integers(min_value=0, max_value=200),
    st.binary(min_size=1, max_size=30),
    st.sampled_from(["JPEG", "PNG", "WEBP"]),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bytes_changed_anywhere_give_a_file_or_a_problem(where: int, noise: bytes, kind: str) -> None:
    data = bytearray(photo(kind=kind, size=(64, 48)))
    start = where * len(data) // 201
    data[start : start + len(noise)] = noise

    try:
        file = keep(bytes(data), by=PHONE, now=MONDAY + timedelta(days=1))
    except Problem:
        return
    assert queries.bytes_of(file.sha256)[0]
