"""A mapping file is read or named wrong; headings and places are known as people write them."""

from typing import Any

import pytest

from qianan.kernel.problems import Invalid
from qianan.registry.businesses.importing.locating import Gazetteer
from qianan.registry.businesses.importing.mapping import guessed, read_mapping
from tests.cast import COMMUNITY


@pytest.mark.parametrize(
    ("mapping", "code", "where"),
    [
        ({}, "bad_mapping", "fields"),
        ({"fields": []}, "bad_mapping", "fields"),
        ({"fields": {}, "extra": 1}, "bad_mapping", "extra"),
        ({"fields": {"colour": "x"}}, "unknown_field", "colour"),
        ({"fields": {"name_zh": 5}}, "bad_mapping", "name_zh"),
        ({"fields": {"name_zh": {"column": "x", "constant": "y"}}}, "bad_mapping", "name_zh"),
        ({"fields": {"name_zh": {"codes": {"a": "b"}}}}, "bad_mapping", "name_zh"),
        ({"fields": {"name_zh": {"column": "x", "codes": {"a": 1}}}}, "bad_mapping", "name_zh"),
        ({"fields": {"name_zh": {"column": "x", "run": "y"}}}, "bad_mapping", "name_zh"),
        ({"fields": {"place": "x"}}, "name_unmapped", "name_zh"),
        ({"fields": {"name_zh": "x"}}, "place_unmapped", "place"),
        ({"fields": {"name_zh": "x", "place": "y"}}, "identity_unmapped", "credit_code"),
        ({"fields": {"name_zh": "x", "place": "y", "key": "z"}, "source": 5}, "bad_mapping", "source"),
    ],
)
def test_a_wrong_mapping_is_named(mapping: Any, code: str, where: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_mapping(mapping)

    assert (refused.value.code, refused.value.where) == (code, where)


def test_headings_are_known_in_both_languages() -> None:
    zh = guessed(["统一社会信用代码", "单位名称", "所在地"])
    en = guessed(["CREDIT CODE", "Business name (Chinese)", "place"])

    assert set(zh.fields) == set(en.fields) == {"credit_code", "name_zh", "place"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (COMMUNITY, COMMUNITY),
        ("110105001", "110105001"),
        ("朝阳区", "110105"),
        ("北京市朝阳区建外街道", "110105001"),
        ("朝阳/建外/永安里", COMMUNITY),
        ("朝阳 建外街道 永安里社区", COMMUNITY),
        ("建外街道永安里社区居委会", COMMUNITY),
        ("Chaoyang District, Jianwai Sub-district", ""),
        ("Chaoyang District/Jianwai Sub-district", ""),
        ("建外街道", "110105001"),
        ("朝阳区万寿路街道", None),
        ("火星", None),
        ("1", None),
        ("", None),
    ],
)
def test_places_are_known_as_people_write_them(codes: None, text: str, code: str | None) -> None:
    found = Gazetteer.read().find(text)

    if code is None:
        assert isinstance(found, Invalid)
        assert found.code == "unknown_place"
    elif code:
        assert found == code


@pytest.mark.parametrize("odd", ["a\x00b", "a\ud800b", "a\u202eb"])
def test_hidden_characters_in_a_mapping_are_refused(odd: str) -> None:
    for fields in ({"name_zh": odd}, {"name_zh": {"column": "x", "codes": {odd: "y"}}}):
        with pytest.raises(Invalid) as refused:
            read_mapping({"fields": fields})
        assert refused.value.code == "control_characters"
