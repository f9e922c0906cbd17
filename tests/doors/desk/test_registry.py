"""Businesses and who answers for them: the file, pauses, claims, departments, imports, visits, invitations."""

import io
import re

from django.urls import reverse

from qianan.ground.accounts.models import Invitation, Seat
from qianan.registry.businesses import actions as businesses
from qianan.registry.businesses.models import Business, Claim, Oversight, Site
from tests.cast import ELSEWHERE, MONDAY
from tests.doors.desk.conftest import Busy
from tests.doors.doorstep import come_in, get, look_over, picture, text_of


def test_the_file_names_the_three_musts_with_dates(busy: Busy) -> None:
    html = get(come_in(busy.street, "officer_li"), reverse("desk:business", args=[busy.business.id]))
    text = text_of(html)

    for name in ("李敏", "陈静", "赵小明", "王建国"):
        assert name in text
    assert "since 1 Jan" in text
    assert "vacant" in text  # nobody runs the business line
    assert "fell to Safety manager" in text
    assert text.count("not assigned") == 0


def test_a_business_without_a_department_shows_the_gap_and_the_queue(busy: Busy) -> None:
    Oversight.objects.filter(business_id=busy.business.id, duty_type="industry").delete()
    Business.objects.filter(id=busy.business.id).update(line="")

    street = text_of(get(come_in(busy.street, "officer_li"), reverse("desk:unassigned")))
    client = come_in(busy.street, "chief_zhang")
    file = get(client, reverse("desk:business", args=[busy.business.id]))
    queue = get(client, reverse("desk:unassigned"))

    assert "the district decides" in street
    assert "not assigned" in text_of(file)
    url = reverse("desk:assign", args=[busy.business.id])
    assert url in file
    assert url in queue


def test_the_district_assigns_a_department_on_a_recorded_ground(busy: Busy) -> None:
    Oversight.objects.filter(business_id=busy.business.id, duty_type="industry").delete()
    Business.objects.filter(id=busy.business.id).update(line="")
    client, url = come_in(busy.street, "chief_zhang"), reverse("desk:assign", args=[busy.business.id])

    without = client.post(url, {"body": "dept:commerce:110105", "duty_type": "industry", "basis": ""})
    forged = client.post(url, {"body": "dept:commerce:110108", "duty_type": "industry", "basis": "京安办 3 号"})
    done = client.post(url, {"body": "dept:commerce:110105", "duty_type": "industry", "basis": "京安办 3 号"})

    assert (without.status_code, forged.status_code, done.status_code) == (422, 422, 302)
    row = Oversight.objects.get(business_id=busy.business.id, duty_type="industry")
    assert (row.body_code, row.basis) == ("dept:commerce:110105", "京安办 3 号")
    assert "京安办 3 号" in text_of(get(client, reverse("desk:business", args=[busy.business.id])))
    assert come_in(busy.street, "officer_li").get(url).status_code == 403


def test_an_officer_records_that_a_site_has_paused(busy: Busy) -> None:
    client = come_in(busy.street, "officer_li")
    page = reverse("desk:site", args=[busy.business.id, busy.site.id])
    url = reverse("desk:site_state", args=[busy.business.id, busy.site.id])

    bad = client.post(url, {"state": "paused", "from_day": "2026-11-11", "reason": "装修"})
    good = client.post(
        url, {"state": "paused", "from_day": "2026-11-11", "until_day": "2026-12-01", "reason": "装修,去看过"}
    )

    assert bad.status_code == 422
    look_over(bad.content.decode())
    assert good.status_code == 302
    assert Site.objects.get(id=busy.site.id).state == "paused"
    assert "装修,去看过" in text_of(get(client, page))
    assert come_in(busy.street, "ms_chen").post(url, {"state": "closed"}).status_code in {403, 422}


def a_claim(busy: Busy) -> Claim:
    return businesses.ask_claim(
        busy.business.credit_code, role="principal", note="我是店主", by=busy.stranger, now=busy.today
    )


def test_the_street_approves_a_claim_and_the_person_has_the_seat(busy: Busy) -> None:
    claim = a_claim(busy)
    client, url = come_in(busy.street, "officer_li"), reverse("desk:claim", args=[claim.business_id, claim.id])
    assert "路人甲" in text_of(get(client, reverse("desk:claims")))
    assert "我是店主" in text_of(get(client, url))

    nothing = client.post(url, {"reason": "看过"})
    done = client.post(url, {"approve": "yes", "reason": "看过执照"})

    assert nothing.status_code == 422
    assert done.status_code == 302
    assert Claim.objects.get(id=claim.id).state == "approved"
    assert Seat.objects.filter(person=busy.people["stranger"], business_id=busy.business.id, role="principal").exists()
    assert "Decided" in text_of(get(client, url))


def test_refusing_a_claim_needs_a_reason(busy: Busy) -> None:
    claim = a_claim(busy)
    client, url = come_in(busy.street, "officer_li"), reverse("desk:claim", args=[claim.business_id, claim.id])

    assert client.post(url, {"approve": "no", "reason": ""}).status_code == 422
    assert client.post(url, {"approve": "no", "reason": "不是本人"}).status_code == 302
    assert Claim.objects.get(id=claim.id).state == "refused"
    get(come_in(busy.street, "officer_he"), url, 404)


TABLE = "统一社会信用代码,单位名称,行业代码,所在地,场所名称,地址,主要负责人,主要负责人手机\n"


def upload(text: str, name: str = "市场.csv") -> io.BytesIO:
    file = io.BytesIO(text.encode())
    file.name = name
    return file


def test_a_table_is_previewed_then_taken_in_once(busy: Busy) -> None:
    client = come_in(busy.street, "chief_zhang")
    rows = TABLE + "91110105MA01ABCD4N,新开面馆,6210,110105001,新开面馆,光华路 9 号,马一,13800001111\n"

    answer = client.post(reverse("desk:imports"), {"file": upload(rows)})
    html = answer.content.decode()
    look_over(html)
    if answer.status_code == 422:  # a made-up code may fail its check digit; then the page says so
        assert "What, and how to mend it" in text_of(html)
        rows = rows.replace("91110105MA01ABCD4N", "")
        rows = rows.replace("统一社会信用代码,", "编号,").replace("\n,新开", "\n7,新开")
        answer = client.post(reverse("desk:imports"), {"file": upload(rows)})
        html = answer.content.decode()
    assert answer.status_code == 200, text_of(html)[:1500]
    assert not Business.objects.filter(name_zh="新开面馆").exists()
    commit = re.search(r'action="(/desk/imports/[0-9a-f-]+/)"', html)[1]

    first, again = client.post(commit), client.post(commit)

    assert first.status_code == again.status_code == 302
    assert Business.objects.filter(name_zh="新开面馆").count() == 1
    assert "taken in" in text_of(get(client, commit))
    get(come_in(busy.street, "officer_li"), commit, 404)


def test_a_wrong_row_names_its_line_its_column_and_how_to_mend_it(busy: Busy) -> None:
    client = come_in(busy.street, "chief_zhang")
    rows = TABLE + "123,错码面馆,6210,火星街道,错码面馆,光华路 9 号,,\n"

    answer = client.post(reverse("desk:imports"), {"file": upload(rows)})
    text = text_of(answer.content.decode())

    assert answer.status_code == 422
    assert "统一社会信用代码" in text
    assert "火星街道" in text
    assert "Take it in" not in text
    assert not Business.objects.filter(name_zh="错码面馆").exists()


def test_files_that_are_no_tables_are_refused_in_words(busy: Busy) -> None:
    client = come_in(busy.street, "chief_zhang")
    mapping = io.BytesIO(b"[" * 10_000)
    mapping.name = "m.json"

    for files in (
        {"file": upload("\x00\x01\x02")},
        {"file": upload("")},
        {"file": upload("PK\x03\x04 broken", "x.xlsx")},
        {"file": upload(TABLE), "mapping": mapping},
        {},
    ):
        answer = client.post(reverse("desk:imports"), files)
        assert answer.status_code in {413, 422}
        look_over(answer.content.decode())


def test_the_template_comes_as_a_file(busy: Busy) -> None:
    answer = come_in(busy.street, "chief_zhang").get(reverse("desk:import_template"))

    assert answer.headers["Content-Type"].startswith("text/csv")
    assert come_in(busy.street, "ms_chen").get(reverse("desk:imports")).status_code == 403


def a_visit(busy: Busy, **more: object) -> dict[str, object]:
    from qianan.kernel.ids import uuid7

    return {
        "id": str(uuid7(busy.today)),
        "kind": "routine",
        "at": "2026-11-11T08:30",
        "officers": [str(busy.people["officer_li"].id), str(busy.people["chief_zhang"].id)],
        "content": "看了后厨",
        "signed": "signed",
        **more,
    }


def test_a_visit_is_written_down_with_what_it_found(busy: Busy) -> None:
    from qianan.field.hazards.models import Hazard
    from qianan.field.inspections.models import Visit

    client, url = come_in(busy.street, "officer_li"), reverse("desk:visit_new", args=[busy.business.id, busy.site.id])
    get(client, url)
    form = a_visit(busy, **{"f0-text": "灶具无熄火保护", "f0-level": "general", "photos-0": picture(5)})

    first = client.post(url, form)
    form["photos-0"] = picture(5)
    again = client.post(url, form)

    visit = Visit.objects.get()
    assert first.status_code == again.status_code == 302
    hazard = Hazard.objects.get(text="灶具无熄火保护")
    assert hazard.origin_kind == "inspection"
    page = get(client, first.headers["Location"])
    assert "灶具无熄火保护" in page
    assert "李敏, 张强" in text_of(page) or "张强, 李敏" in text_of(page)
    assert visit.number in text_of(get(client, reverse("desk:inspections")))
    assert "/photos/" in get(client, reverse("desk:hazard", args=[hazard.business_id, hazard.id]))


def test_a_visit_needs_two_officers_and_keeps_what_was_typed(busy: Busy) -> None:
    from qianan.field.inspections.models import Visit

    client, url = come_in(busy.street, "officer_li"), reverse("desk:visit_new", args=[busy.business.id, busy.site.id])

    alone = client.post(url, a_visit(busy, officers=[str(busy.people["officer_li"].id)]))
    major = client.post(url, a_visit(busy, **{"f1-text": "堵了", "f1-level": "major", "photos-1": picture(7)}))

    assert alone.status_code == major.status_code == 422
    assert "看了后厨" in alone.content.decode()
    assert 'name="kept-photos-1"' in major.content.decode()
    assert Visit.objects.count() == 0
    assert come_in(busy.street, "officer_he").get(url).status_code == 404


def test_the_street_invites_a_principal_by_a_link_shown_once(busy: Busy) -> None:
    client, url = come_in(busy.street, "officer_li"), reverse("desk:business_invite", args=[busy.business.id])

    made = client.post(url, {"role": "principal", "mobile": "13911112222"})
    forged = client.post(url, {"role": "city", "mobile": ""})

    assert "/accounts/invitations/" in made.content.decode()
    assert forged.status_code == 422
    row = Invitation.objects.get()
    assert (row.role, row.business_id) == ("principal", busy.business.id)
    assert "/accounts/invitations/" not in get(client, url)
    assert come_in(busy.street, "ms_chen").get(url).status_code == 403


def test_a_landlords_tenants_stand_on_its_page(busy: Busy) -> None:
    landlord = Business.objects.create(
        name_zh="大市场",
        name_en="Great Market",
        place_code=busy.business.place_code,
        is_landlord=True,
        registered_at=MONDAY,
    )
    businesses.record_tenancy(busy.business, landlord=landlord, role="market", by=busy.lao_wang, now=busy.today)
    client = come_in(busy.street, "officer_li")

    assert "Lao Wang&#x27;s Noodles" in get(client, reverse("desk:business", args=[landlord.id]))
    assert "Great Market" in get(client, reverse("desk:business", args=[busy.business.id]))
    assert busy.other_business.place_code == ELSEWHERE


def test_a_self_check_is_read_given_back_and_seen_on_the_site(busy: Busy) -> None:
    from qianan.field.selfchecks import actions as selfchecks
    from qianan.field.selfchecks.models import Submission
    from qianan.kernel.ids import uuid7
    from qianan.registry.checklists import queries as checklists

    edition = checklists.current("restaurant-daily")
    answers: dict[str, object] = {item.code: "p" for item in edition.items}
    answers[edition.items[0].code] = {"a": "f", "note": "堵了"}
    selfchecks.receive_submission(
        selfchecks.Handed(
            id=uuid7(busy.today),
            business_id=busy.business.id,
            site_id=busy.site.id,
            version_id=edition.version_id,
            answers=answers,
            started_at=busy.today,
            ended_at=busy.today,
            sent_at=busy.today,
        ),
        by=busy.xiao_zhao,
        now=busy.today,
    )
    row = Submission.objects.get()
    client, url = come_in(busy.street, "officer_li"), reverse("desk:submission", args=[row.business_id, row.id])

    page = get(client, url)
    assert "堵了" in text_of(page)
    assert "赵小明" in text_of(page)
    assert url in get(client, reverse("desk:selfchecks") + "?state=received")
    assert url in get(client, reverse("desk:site", args=[busy.business.id, busy.site.id]))
    assert client.post(url + "return/", {"reason": ""}).status_code == 422
    assert client.post(url + "return/", {"reason": "照片看不清"}).status_code == 302
    assert "照片看不清" in text_of(get(client, url))
    get(come_in(busy.street, "officer_he"), url, 404)


def test_the_trail_reads_as_sentences(busy: Busy) -> None:
    client = come_in(busy.street, "officer_li")
    html = get(client, reverse("desk:business_trail", args=[busy.business.id]))

    assert html.count("<li><time") > 5
    assert "李敏" in text_of(html)
    assert "HazardRated" not in html
