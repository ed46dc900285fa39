"""The drawings in docs/workflows are those of the flows."""

import ast
import os

import pytest

from enterprises.recognition.flows import RECOGNITION_FLOW
from enterprises.register.flows import ENTERPRISE_FLOW
from enterprises.whitelists.adjustments.flows import ADJUSTMENT_FLOW
from enterprises.whitelists.closing.flows import CLOSING_FLOW
from enterprises.whitelists.flows import BATCH_FLOW
from enterprises.whitelists.nominations.flows import NOMINATION_FLOW
from tests.architecture.house import ROOT, modules, tree
from whitelist.sheets.flows import IMPORT_FLOW

DRAWN = {
    "adjustment": ADJUSTMENT_FLOW,
    "batch": BATCH_FLOW,
    "closing": CLOSING_FLOW,
    "enterprise": ENTERPRISE_FLOW,
    "import": IMPORT_FLOW,
    "nomination": NOMINATION_FLOW,
    "recognition": RECOGNITION_FLOW,
}


@pytest.mark.parametrize("name", DRAWN)
def test_the_drawing_is_the_flow(name):
    page = ROOT / "docs" / "workflows" / f"{name}.md"
    drawing = f"```mermaid\n{DRAWN[name].drawing()}```"
    if os.environ.get("DRAW"):
        page.write_text(f"# {name.capitalize()}\n\n{drawing}\n", encoding="utf-8")
    assert drawing in page.read_text(encoding="utf-8"), f"redraw it: DRAW=1 pytest {__file__}"


def test_every_flow_is_drawn():
    made = {
        target.id
        for _name, path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        if getattr(node.value.func, "id", "") == "Flow"
        for target in node.targets
    }
    assert made == {f"{name.upper()}_FLOW" for name in DRAWN}
