"""The house as the tests see it: rooms in order, files by kind, and every import as an arrow."""

import ast
import functools
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("whitelist", "enterprises", "logistics", "alerts")
MAP = ROOT / "docs" / "map.md"

# Within a room a file imports only files of a smaller number: nouns, judgement, verbs, shapes, surfaces, addresses.
KINDS = {
    "words": 0, "guards": 0, "models": 1, "policies": 1, "flows": 2, "services": 3, "sheet": 3, "tasks": 4,
    "filters": 4, "forms": 4, "serializers": 4, "pages": 5, "api": 5, "urls": 6, "api_urls": 6,
}  # fmt: skip
SURFACES = {"filters", "forms", "serializers", "pages", "api", "urls", "api_urls"}


@functools.cache
def rooms():
    """The rooms from the ground up, as `docs/map.md` lists them."""
    lines = [line.split("|") for line in MAP.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    return [cells[1].strip().strip("`") for cells in lines]


@dataclass(frozen=True)
class Arrow:
    source: str
    target: str
    line: int

    def __str__(self):
        return f"{self.source}:{self.line} → {self.target}"


def modules():
    """Every module of the product, as (dotted name, path); migrations are history and stay out."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                parts = list(path.relative_to(ROOT).with_suffix("").parts)
                yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


@functools.cache
def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        assert node.level == 0, f"relative import of {node.module}"
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


@functools.cache
def arrows():
    """Every import of one of our modules by another."""
    names = {name for name, _path in modules()}
    found = []
    for source, path in modules():
        for node in ast.walk(tree(path)):
            for name in imported(node):
                target = name if name in names else name.rpartition(".")[0]
                if target in names and target != source:
                    found.append(Arrow(source, target, node.lineno))
    return found


def room_of(module):
    """The room a module stands in, or None for the doors and hallways of an app (models, urls, tasks, commands)."""
    return next((room for room in rooms() if module == room or module.startswith(f"{room}.")), None)


def kind_of(module):
    return module.rpartition(".")[2]
