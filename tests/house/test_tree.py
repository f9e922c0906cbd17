"""The tree: no machine's paths, no registry's hosts, locks without addresses, docs and migrations that fit the code."""

import re
from io import StringIO

import pytest
from django.core.management import call_command

from qianan.settings.variables import VARIABLES
from tests.house.source import PACKAGE, REPO, modules, tracked

TEXT = {
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".lock",
    ".html",
    ".css",
    ".js",
    ".json",
    ".csv",
    ".po",
    ".ini",
    ".cfg",
    ".yaml",
    ".yml",
    "",
}
MACHINE = re.compile("/(" + "|".join(("work", "root", "farm")) + r")/|/home/\w+/")
"""A folder of somebody's machine."""
REGISTRY = re.compile("--(extra-)?" + r"index-url|https?://\S+\.(whl|tar\.gz|tgz)\b|\"resolved\": *\"http")
"""Where packages come from is the machine's own affair: no index, no package's address."""


def _texts() -> list[tuple[str, str]]:
    found = []
    for path in tracked():
        if path.suffix in TEXT and path.stat().st_size < 2_000_000:
            try:
                found.append((path.relative_to(REPO).as_posix(), path.read_text()))
            except UnicodeDecodeError:
                continue
    return found


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = [
        f"{name}: {match[0]}"
        for name, text in _texts()
        for pattern in (MACHINE, REGISTRY)
        if (match := pattern.search(text))
    ]
    assert found == []


def test_locks_hold_hashes_and_no_addresses() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (REPO / name).read_text()
        assert "://" not in text
        for line in text.splitlines():
            if line and not line.startswith(("#", " ")):
                assert "==" in line, line
        assert text.count("--hash=sha256:") >= text.count("==")


def test_no_thought_is_left_without_a_name() -> None:
    vague = {"utils", "helpers", "common", "manager", "misc"}

    assert [module.path for module in modules() if vague & set(module.parts)] == []


def test_no_stub_is_left() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|raise NotImplementedError)\b")

    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if marks.search(line):
                found.append(f"{path.relative_to(PACKAGE)}:{number} {line.strip()}")
    assert found == []


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    out = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=out, verbosity=1)
    except SystemExit:
        pytest.fail(out.getvalue())


def test_every_variable_of_the_environment_is_in_the_docs() -> None:
    read = set()
    for path in [*PACKAGE.rglob("*.py"), REPO / "qianan"]:
        read |= set(re.findall(r"environ(?:\.get|\.setdefault)?[\[(]\s*\"(QIANAN_\w+)\"", path.read_text()))

    assert sorted(read - set(VARIABLES)) == []
    page = (REPO / "docs/reference/settings.md").read_text()
    assert [name for name in VARIABLES if name not in page] == []


def test_the_api_snapshot_is_fresh() -> None:
    call_command("openapi", "--check", stdout=StringIO())


def test_templates_bring_nothing_from_elsewhere_and_no_script_of_their_own() -> None:
    found = []
    for path in sorted(PACKAGE.rglob("*.html")):
        text = path.read_text()
        name = path.relative_to(PACKAGE).as_posix()
        if re.search(r"<script(?![^>]*\bsrc=)", text) or re.search(r"\son\w+=\"", text):
            found.append(f"{name}: script in the page")
        if re.search(r"\sstyle=\"", text) or "<style" in text:
            found.append(f"{name}: style in the page")
        if re.search(r"(src|href)=\"(https?:)?//", text):
            found.append(f"{name}: something from elsewhere")
    assert found == []


def test_files_fit_a_thought() -> None:
    """Some 400 lines; what grows far beyond gets a second name."""
    longer = {
        module.path: lines
        for module in modules()
        if (lines := len((PACKAGE / module.path).read_text().splitlines())) > 750
    }
    assert longer == {}
