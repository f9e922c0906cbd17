"""The house contract: who may lean on whom, who may write, and that every act is written down."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import PACKAGE, REPO, Module, calls, functions, modules, name_of

WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "insert", "run"}
QUERYSET = {"objects", "filter", "exclude", "all", "_base_manager", "_default_manager"}

MAY_WRITE = {
    "tables/bulk.py": "the shelf beneath actions",
    "ground/accounts/signin.py": "Django's own session at the door",
}
"""Files outside of actions, models and what stands behind them that write all the same, and why."""


@pytest.mark.slow
def test_nobody_looks_up_the_stairs() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False, env={"PYTHONPATH": "src"})
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_every_room_and_door_stands_in_the_contract() -> None:
    said = (REPO / ".importlinter").read_text()
    for folder in ("ground", "registry", "field", "doors"):
        for room in sorted((PACKAGE / folder).iterdir()):
            if (room / "__init__.py").exists():
                assert room.name in said, f"{folder}/{room.name} is in no contract"


def _reads_only(module: Module) -> bool:
    """Files in which nothing is written: doors, reads, rights, reactions, words, tables."""
    if module.parts[0] in {"doors", "kernel", "formats", "methods"} or module.path in {"wiring.py", "clock.py"}:
        return True
    return any(module.within(name) for name in ("queries", "access", "listeners", "events", "lifecycle"))


def _writes(module: Module) -> list[str]:
    found = []
    for call in calls(module.tree):
        name = name_of(call)
        if not isinstance(call.func, ast.Attribute):
            continue
        inside = {node.attr for node in ast.walk(call.func.value) if isinstance(node, ast.Attribute)}
        text = ast.unparse(call.func)
        if name in {"insert", "run"}:
            writes = text in {"bulk.insert", "bulk.run"}
        elif name in WRITES:
            writes = name != "create" or "objects" in inside
            writes = writes and not text.startswith(("form.", "po.", "image.", "workbook.", "whole."))
        elif name in {"update", "delete"}:
            writes = bool(inside & QUERYSET)
        else:
            writes = False
        if writes:
            found.append(f"{module.path}:{call.lineno} {text}")
    return found


def test_only_actions_and_models_write() -> None:
    found = [
        line
        for module in modules()
        if _reads_only(module) and module.path not in MAY_WRITE and not module.path.startswith("doors/console/")
        for line in _writes(module)
    ]
    assert found == []


def test_doors_never_touch_a_table() -> None:
    found = []
    for module in modules():
        if module.parts[0] != "doors":
            continue
        for node in ast.walk(module.tree):
            origin = (isinstance(node, ast.ImportFrom) and node.module) or ""
            if origin.startswith("qianan.") and ".models" in origin:
                found.append(f"{module.path}: {origin}")
    assert found == []


# -- every act is written down -------------------------------------------------------------

SILENT_ACTS = {
    "note_use": "the day a token was last used",
    "mark_read": "reading is no news",
    "mark_all_read": "reading is no news",
    "forget_codes": "codes of yesterday",
    "forget_old": "sessions and sign-in logs that ran out",
    "forget_previews": "files that nobody took in",
    "forget_letters_of": "told by PersonErased",
    "assign_post": "told by SeatTaken",
    "check_code": "a try to come in; axes keeps the log",
    "keep": "bytes by their hash; told by EvidenceKept when they are tied to something",
    "deliver_due": "each try is a row of its own",
    "test_channel": "a row of attempts",
}
"""Functions of actions that write without news, and why."""


def _acts() -> dict[str, tuple[str, ast.FunctionDef]]:
    """Every function of actions that takes who and when: name → (file, syntax)."""
    found = {}
    for module in modules():
        if not module.within("actions"):
            continue
        for function in functions(module):
            given = {arg.arg for arg in [*function.args.args, *function.args.kwonlyargs]}
            if not function.name.startswith("_") and {"by", "now"} <= given:
                found[f"{module.room}.{function.name}"] = (module.path, function)
    return found


def _recorders() -> set[str]:
    """Names of functions that record, or that call one that does. By name only: lenient, but never stale."""
    bodies: dict[str, set[str]] = {}
    for module in modules():
        if not module.room:
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef):
                bodies.setdefault(node.name, set()).update(name_of(call) for call in calls(node))
    known = {"record", "record_many", "_record"}
    while True:
        more = {name for name, called in bodies.items() if called & known} - known
        if not more:
            return known
        known |= more


def test_every_action_is_written_in_the_trail() -> None:
    known = _recorders()
    missing = [
        f"{path}: {function.name}"
        for path, function in _acts().values()
        if function.name not in known and function.name not in SILENT_ACTS and _writes_something(function)
    ]
    assert missing == []


def _writes_something(function: ast.FunctionDef) -> bool:
    """Whether it changes rows itself or through others; pure helpers of actions need no news."""
    names = {name_of(call) for call in calls(function)}
    return bool(names & (WRITES | {"update", "delete"}))


def test_every_action_says_who_and_when_last_and_by_name() -> None:
    wrong = []
    for path, function in _acts().values():
        given = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
        names = [arg.arg for arg, default in given if default is None]
        if "by" in names and "now" in names and names.index("by") > names.index("now"):
            wrong.append(f"{path}: {function.name} {names}")
    assert wrong == []


def test_no_room_looks_at_a_clock() -> None:
    found = []
    for module in modules():
        if not module.room and module.parts[0] not in {"methods", "formats"}:
            continue
        for call in calls(module.tree):
            text = ast.unparse(call.func)
            if text in {"timezone.now", "datetime.now", "datetime.utcnow", "date.today", "timezone.localdate"}:
                if text == "timezone.localdate" and call.args:
                    continue
                found.append(f"{module.path}:{call.lineno} {text}")
    assert found == []
