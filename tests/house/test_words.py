"""Words: every refusal has them, in both languages; no code is said twice; a glossary knows every room."""

import ast
import re
from collections import defaultdict
from io import StringIO

import pytest
from django.core.management import call_command

from qianan.doors.kit import helping, words
from qianan.kernel import problems
from tests.house.source import REPO, Module, calls, modules, name_of

KINDS = {name for name, each in vars(problems).items() if isinstance(each, type) and issubclass(each, problems.Problem)}
GENERAL = {kind.default_code for kind in map(vars(problems).get, KINDS)} | {"problem"}


def _codes(module: Module) -> set[str]:
    """Every code that is given to a problem in this file, as far as it stands there as text."""
    found = set()
    for call in calls(module.tree):
        name = name_of(call)
        values: list[ast.expr] = []
        if name in KINDS or name == "NotKnown":
            values = list(call.args[:1])
        elif ast.unparse(call.func) in {"access.check", "check", "_uuid", "_with_seat"} or name == "check_in":
            values = [*call.args[1:], *(each.value for each in call.keywords if each.arg == "code")]
        for value in values:
            for each in [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]:
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    found.add(each.value)
    return {code for code in found if re.fullmatch(r"[a-z][a-z0-9_]+", code)}


def test_every_refusal_has_words() -> None:
    said, missing = set(words.problems()) | GENERAL, defaultdict(set)
    for module in modules():
        if module.parts[0] == "kernel" or module.path.startswith("doors/console/"):
            continue
        for code in _codes(module):
            if code not in said:
                missing[module.path].add(code)
    assert {path: sorted(codes) for path, codes in missing.items()} == {}


def test_no_code_is_said_twice() -> None:
    places = defaultdict(set)
    for module in modules():
        if not module.path.startswith("doors/kit/words/"):
            continue
        for node in module.tree.body:
            target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
            value = getattr(node, "value", None)
            if (
                isinstance(target, ast.Name)
                and target.id in {"PROBLEMS", "NEWS", "LABELS"}
                and isinstance(value, ast.Dict)
            ):
                for key in value.keys:
                    if isinstance(key, ast.Constant):
                        places[target.id, key.value].add(module.path)
    assert {key: sorted(files) for key, files in places.items() if len(files) > 1} == {}


def test_every_message_has_both_languages() -> None:
    err = StringIO()
    try:
        call_command("messages", "--check", stdout=StringIO(), stderr=err)
    except Exception:
        pytest.fail(err.getvalue()[-4000:])


def test_the_glossary_knows_every_room() -> None:
    page = (REPO / "docs/glossary.md").read_text()
    rooms = {module.room for module in modules() if module.room}

    assert sorted(room for room in rooms if room not in page) == []


def test_every_page_has_help() -> None:
    from tests.doors.rights.routes import pages

    missing = []
    for name in pages():
        door, _, page = name.partition(":")
        if door in helping.DOORS and helping.help_of(door, page) is None:
            missing.append(name)
    assert missing == []


def test_no_message_hides_in_a_formatted_string() -> None:
    """Before Python 3.12 the words within an f-string are not found, and then have no Chinese."""
    found = [
        f"{module.path}:{string.lineno}"
        for module in modules()
        for string in ast.walk(module.tree)
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call) and name_of(call) in {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}
    ]
    assert found == []
