"""The drawings in docs/workflows are those of the flows."""

import os

import pytest

from enterprises.whitelists.flows import BATCH_FLOW
from tests.architecture.house import ROOT
from whitelist.sheets.flows import IMPORT_FLOW

DRAWN = {"batch": BATCH_FLOW, "import": IMPORT_FLOW}


@pytest.mark.parametrize("name", DRAWN)
def test_the_drawing_is_the_flow(name):
    page = ROOT / "docs" / "workflows" / f"{name}.md"
    drawing = f"```mermaid\n{DRAWN[name].drawing()}```"
    if os.environ.get("DRAW"):
        page.write_text(f"# {name.capitalize()}\n\n{drawing}\n", encoding="utf-8")
    assert drawing in page.read_text(encoding="utf-8"), f"redraw it: DRAW=1 pytest {__file__}"
