"""The quick way through a list that passes says just what the long way says."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qianan.registry.checklists import answering
from qianan.registry.checklists.answering import Checked, check
from qianan.registry.checklists.queries import currents, edition
from tests.cast import Street


def the_long_way(monkeypatch: pytest.MonkeyPatch, *args: Any) -> Checked:
    with monkeypatch.context() as patch:
        patch.setattr(answering, "_letters_only", lambda edition, answers: None)
        return check(*args)


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_both_ways_come_to_the_same(street: Street, monkeypatch: pytest.MonkeyPatch, data: st.DataObject) -> None:
    code = data.draw(st.sampled_from(["restaurant-daily", "restaurant-full", "common-daily", "factory-full"]))
    items = edition(f"{code}@1").items
    some = data.draw(st.sampled_from(["pn", "ppppppppnf", "p", "pnfo-x"]))
    answers: dict[str, Any] = {}
    for item in items:
        if data.draw(st.integers(0, 40)):
            answers[item.code] = data.draw(st.sampled_from([*some, *some, {"a": "p"}, None]))
    if not data.draw(st.integers(0, 10)):
        answers["no-such-item"] = "p"

    assert check(edition(f"{code}@1"), answers) == the_long_way(monkeypatch, edition(f"{code}@1"), answers)


def test_a_list_that_all_passes_takes_the_quick_way(codes: None) -> None:
    taken = 0
    for each in currents(["restaurant-daily", "common-daily", "hotel-daily"]).values():
        answers = {item.code: "p" for item in each.items if item.answer == "select"}
        found = answering._letters_only(each, answers)
        assert found is not None
        assert found.letters.count("p") == len(answers)
        taken += 1
    assert taken == 3
