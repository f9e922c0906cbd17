"""The source of the house, read as syntax."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
PACKAGE = REPO / "src" / "qianan"
STOREYS = ("ground", "registry", "field")


@dataclass(frozen=True)
class Module:
    """One file: its path within the package and its syntax."""

    path: str
    tree: ast.Module

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.path.removesuffix(".py").split("/"))

    @property
    def room(self) -> str:
        return self.parts[1] if self.parts[0] in STOREYS and len(self.parts) > 2 else ""

    def within(self, name: str) -> bool:
        """Whether it is the file or in the folder of this name within a room (`actions`, `queries`)."""
        return bool(self.room) and self.parts[2] == name


@cache
def modules() -> tuple[Module, ...]:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        found.append(Module(path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text())))
    return tuple(found)


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def name_of(call: ast.Call) -> str:
    """The last word of what is called."""
    func = call.func
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def functions(module: Module) -> Iterator[ast.FunctionDef]:
    """Functions at the top of a file."""
    return (node for node in module.tree.body if isinstance(node, ast.FunctionDef))


@cache
def tracked() -> tuple[Path, ...]:
    """Every file in the repository."""
    out = subprocess.run(["git", "ls-files", "-z"], cwd=REPO, capture_output=True, text=True, check=False).stdout
    return tuple(REPO / name for name in out.split("\0") if name and (REPO / name).is_file())
