"""The samples people download are what the code makes and reads."""

import json
from pathlib import Path

import pytest

from qianan.registry.businesses.importing import template
from qianan.registry.businesses.importing.mapping import FIELDS, as_json, read_mapping

SAMPLES = Path(__file__).resolve().parents[3] / "data" / "samples"


@pytest.mark.parametrize(("name", "language"), [("registry-zh.csv", "zh-hans"), ("registry-en.csv", "en")])
def test_the_templates_are_fresh(name: str, language: str) -> None:
    assert (SAMPLES / name).read_bytes() == template(language)


def test_the_mapping_reads_and_keeps_its_meaning() -> None:
    mapping = read_mapping(json.loads((SAMPLES / "registry-mapping.json").read_text(encoding="utf-8")))

    assert read_mapping(as_json(mapping)) == mapping


def test_every_field_is_in_the_how_to() -> None:
    page = (SAMPLES.parents[1] / "docs" / "how-to" / "import-a-registry.md").read_text(encoding="utf-8")

    assert [name for name in sorted(FIELDS) if f"`{name}`" not in page and not name.startswith("person")] == []
