"""Small things that have been large bugs elsewhere, forbidden by name."""

import ast
import re

import pytest

from tests.architecture.house import ROOT, modules, tree

CALLS = {
    "today": ("date",),
    "now": ("datetime",),
    "utcnow": ("datetime",),
    "raw": None,
    "extra": None,
    "delay": None,
    "apply_async": None,
    "urlopen": None,
}
NAMES = {"RawSQL", "mark_safe", "csrf_exempt", "AllowAny", "SafeString"}
ALLOWED = {
    ("whitelist.core.templatetags.charts", "mark_safe"),
    ("whitelist.core.templatetags.face", "mark_safe"),
}
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize(("name", "path"), list(modules()), ids=lambda value: value if isinstance(value, str) else "")
def test_nothing_forbidden_is_called(name, path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CALLS:
            owners = CALLS[node.func.attr]
            owner = getattr(node.func.value, "id", getattr(node.func.value, "attr", ""))
            assert owners is not None and owner not in owners, f"{name}:{node.lineno} calls {owner}.{node.func.attr}"
        named = (
            node.id if isinstance(node, ast.Name) else getattr(node, "name", "") if isinstance(node, ast.alias) else ""
        )
        assert named not in NAMES or (name, named) in ALLOWED, f"{name} uses {named}"
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "fields" for target in node.targets):
            assert getattr(node.value, "value", "") != "__all__", f"{name}:{node.lineno} opens all fields"
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert "pg_advisory_lock(" not in node.value, f"{name}: session locks leak behind a pooler"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_templates_are_short_and_inert(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 80, "a template speaks in parts"
    for pattern in (
        r"\sstyle=",
        r"\son[a-z]+=",
        r"\|\s*safe\b",
        r"autoescape off",
        r"hx-on",
        r"javascript:",
        r"<script>",
    ):
        assert not re.search(pattern, text), f"{pattern} in {path.name}"
    assert not re.search(r"(src|href)=\"(https?:)?//", text), "no foreign host"


def test_every_template_is_used():
    everything = "\n".join(path.read_text(encoding="utf-8") for _name, path in modules())
    everything += "\n".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    fixed = {"400.html", "403.html", "404.html", "500.html", "403_csrf.html"}
    for path in TEMPLATES:
        name = str(path.relative_to(ROOT / "templates"))
        if name not in fixed and not name.startswith("errors/"):
            assert f'"{name}"' in everything or f"'{name}'" in everything, f"{name} is shown by nobody"
