"""Photos hang on what they prove; one that was seen before says where."""

import uuid
from datetime import timedelta

import pytest
from PIL import Image, ImageDraw

from qianan.ground.evidence import likeness, queries
from qianan.ground.evidence.actions import Tie, attach, attach_many, keep
from qianan.ground.evidence.models import Attachment
from qianan.ground.trail.models import Entry
from qianan.kernel.actor import Actor
from qianan.kernel.ids import uuid_of
from qianan.kernel.problems import Invalid, TooMany
from qianan.kernel.ref import Ref
from tests.cast import MONDAY
from tests.ground.evidence.pictures import paper, photo, picture, saved

WANG, QIAN = uuid_of("noodles"), uuid_of("tea")
HAZARD = Ref("hazards.hazard", WANG, str(uuid_of("a loose hose")))
OTHER = Ref("hazards.hazard", WANG, str(uuid_of("a locked door")))
AT_QIANS = Ref("hazards.hazard", QIAN, str(uuid_of("a kettle")))
COOK = Actor(person=uuid_of("xiao zhao"), door="phone")
TUESDAY = MONDAY + timedelta(days=1)

pytestmark = pytest.mark.django_db


def kept(seed: int = 1, data: bytes = b"") -> str:
    return keep(data or photo(seed), by=COOK, now=MONDAY).sha256


def hang(*shas: str, on: Ref = HAZARD, stage: str = "before", at: object = MONDAY) -> list[Attachment]:
    return attach(shas, about=on, place_code="110105001", stage=stage, by=COOK, now=at)  # type: ignore[arg-type]


def news() -> list[tuple[str, str, dict[str, object]]]:
    return [(entry.news, entry.about, entry.body) for entry in Entry.objects.order_by("at", "id")]


def test_photos_hang_on_a_hazard_and_the_trail_says_so_once() -> None:
    one, two = kept(1), kept(2)

    rows = hang(one, two)

    assert [(row.sha256, row.stage, row.about, row.business_id) for row in rows] == [
        (one, "before", str(HAZARD), WANG),
        (two, "before", str(HAZARD), WANG),
    ]
    assert news() == [("evidence.EvidenceKept", str(HAZARD), {"sha256": [one, two], "stage": "before", "count": 2})]
    assert Entry.objects.get().place_code == "110105001"


def test_the_same_again_is_given_again_and_nothing_is_said() -> None:
    one = kept()

    assert hang(one) == hang(one, one)
    assert len(news()) == 1


def test_a_phone_may_name_a_photo_by_the_hash_of_what_it_sent() -> None:
    import hashlib

    one = kept()

    assert [row.sha256 for row in hang(hashlib.sha256(photo(1)).hexdigest())] == [one]


def test_a_photo_that_was_never_kept_is_refused_and_none_hangs() -> None:
    with pytest.raises(Invalid) as refused:
        hang(kept(), "f" * 64)

    assert refused.value == Invalid("unknown_photo", where="1", sha256="f" * 64)
    assert not Attachment.objects.exists()
    assert news() == []


def test_too_many_at_once_are_refused() -> None:
    with pytest.raises(TooMany, match="too_many_photos"):
        hang(*["f" * 64] * 61)


def test_what_hangs_is_read_with_its_facts_in_two_queries(django_assert_num_queries: object) -> None:
    one, two, three = kept(1), kept(2), kept(data=paper())
    hang(one)
    hang(two, stage="after", at=TUESDAY)
    hang(three, on=AT_QIANS, stage="receipt")

    with django_assert_num_queries(2):  # type: ignore[operator]
        found = queries.photos_by([HAZARD, OTHER, AT_QIANS])

    assert {ref: [(kept.sha256, kept.stage, kept.kind) for kept in files] for ref, files in found.items()} == {
        str(HAZARD): [(one, "before", "photo"), (two, "after", "photo")],
        str(OTHER): [],
        str(AT_QIANS): [(three, "receipt", "paper")],
    }
    assert [each.by for each in queries.files_of(AT_QIANS)] == [COOK.ref]
    assert queries.photos_by([]) == {}
    assert queries.refs_of(one) == [HAZARD]


def test_a_photo_used_again_elsewhere_says_where_it_was_seen() -> None:
    one = kept()
    hang(one)

    (row,) = hang(one, on=OTHER, at=TUESDAY)

    assert row.reused_from == str(HAZARD)
    assert news()[1:] == [
        (
            "evidence.EvidenceReused",
            str(OTHER),
            {"sha256": one, "stage": "before", "earlier": str(HAZARD), "distance": 0},
        ),
        ("evidence.EvidenceKept", str(OTHER), {"sha256": [one], "stage": "before", "count": 1}),
    ]
    assert [each.reused_from for each in queries.files_of(OTHER)] == [str(HAZARD)]


def test_the_picture_before_does_not_prove_the_state_after() -> None:
    one = kept()
    hang(one)

    (row,) = hang(one, stage="after", at=TUESDAY)

    assert row.reused_from == str(HAZARD)


def test_a_photo_of_another_business_is_seen_too() -> None:
    hang(kept())

    (row,) = hang(kept(), on=AT_QIANS, at=TUESDAY)

    assert row.reused_from == str(HAZARD)


def test_one_look_at_one_thing_is_no_reuse() -> None:
    one = kept()
    check = Ref("selfchecks.submission", WANG, str(uuid.uuid4()))

    rows = attach_many(
        [Tie([one], check, "item:restaurant-05", "110105001"), Tie([one], HAZARD, "before", "110105001")],
        by=COOK,
        now=MONDAY,
    )

    assert [row.reused_from for row in rows] == ["", ""]


@pytest.mark.parametrize(
    "changed",
    [
        lambda image: saved(image, "JPEG", quality=40),
        lambda image: saved(image.resize((1000, 750)), "JPEG"),
        lambda image: saved(image, "WEBP", quality=60),
        lambda image: saved(image.point(lambda value: min(255, value + 12)), "JPEG"),
        lambda image: saved(_stamped(image), "JPEG"),
    ],
    ids=["saved anew", "made larger", "another kind", "made brighter", "with a stamp in a corner"],
)
def test_a_picture_that_was_only_touched_up_is_nearly_the_same(changed: object) -> None:
    image = picture(7, (640, 480))
    hang(kept(data=saved(image)))

    (row,) = hang(kept(data=changed(image)), on=OTHER, at=TUESDAY)  # type: ignore[operator]

    assert row.reused_from == str(HAZARD)
    (entry,) = [body for name, _, body in news() if name == "evidence.EvidenceReused"]
    assert 0 <= int(str(entry["distance"])) <= 4


def _stamped(image: Image.Image) -> Image.Image:
    found = image.copy()
    ImageDraw.Draw(found).text((4, 460), "2026-11-02 09:00", fill="white")
    return found


def test_other_pictures_are_not_taken_for_the_same() -> None:
    for seed in range(20):
        hang(kept(seed), on=Ref("hazards.hazard", WANG, str(uuid.uuid4())), at=MONDAY + timedelta(hours=seed))

    assert not Attachment.objects.exclude(reused_from="").exists()


def test_two_pictures_of_a_bare_wall_are_not_taken_for_the_same() -> None:
    one, other = (kept(data=saved(Image.new("RGB", (320, 240), colour))) for colour in ("white", "gray"))
    hang(one)

    assert [row.reused_from for row in hang(other, on=OTHER, at=TUESDAY)] == [""]


def test_many_ties_cost_as_many_queries_as_few(django_assert_max_num_queries: object) -> None:
    shas = [kept(seed) for seed in range(6)]
    ties = [Tie([sha], Ref("hazards.hazard", WANG, str(uuid.uuid4())), "before", "110105001") for sha in shas]

    with django_assert_max_num_queries(12):  # type: ignore[operator]
        attach_many(ties, by=[COOK] * 6, now=[MONDAY] * 6)

    assert attach_many([], by=COOK, now=MONDAY) == []


def test_hashes_at_most_four_bits_apart_share_a_piece() -> None:
    import random

    chance = random.Random(5)
    for _ in range(300):
        bits = chance.getrandbits(64)
        other = bits
        for place in chance.sample(range(64), 4):
            other ^= 1 << place
        one, two = f"{bits:016x}", f"{other:016x}"

        assert likeness.distance(one, two) == 4
        assert any(a == b for a, b in zip(likeness.pieces(one), likeness.pieces(two), strict=True))
    assert likeness.distance("", f"{0:016x}") == 64
    assert likeness.pieces("") == (None,) * 5
