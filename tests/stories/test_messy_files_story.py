"""The files that officials really have, through the page in a browser, each with its faults named."""

import re
from contextlib import contextmanager
from pathlib import Path

import pytest
import xlsxwriter

from tests.stories.api_story import code
from tests.stories.test_browser_story import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.browser]
DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the collected files lie beside the checkout only: {DATA}")
UNTIL_READ = 120_000


@pytest.fixture
def editor(browse, stack):
    """An official of one province with a browser that must have had nothing to complain of."""

    @contextmanager
    def visiting(username="shanghai-editor", **screen):
        with browse(locale="en", **screen) as context:
            visitor = Visitor(context, stack, username, "en")
            yield visitor
            assert visitor.complaints == []

    return visiting


def upload(visitor, path):
    """Choose the file, upload it, and wait until it is read; two clicks of a person."""
    page = visitor.open("/imports/new/?kind=enterprises")
    page.set_input_files("input[type=file]", str(path))
    page.click("main form[enctype] button.primary")
    page.wait_for_selector("#rows, #columns, .notice.red", timeout=UNTIL_READ)
    return page


def number(page, label):
    """The figure with this label."""
    figure = page.locator("#import-figures > *", has_text=label).first.inner_text()
    return int(re.sub(r"\D", "", figure.replace(label, "")) or 0)


@needs_data
def test_the_compiled_list_of_shandong_names_every_fault(editor):
    with editor("ministry-editor") as visitor:
        page = upload(visitor, DATA / "enterprises_shandong_uscc_raw.xlsx")
        told = page.inner_text("main")
        assert "4,810" in told and "序号" in told
        for words in ("check digit", "contradicts another row", "repeats an earlier row", "letter that no code has"):
            assert words in page.inner_text("#import-found"), words
        figures = [number(page, label) for label in ("To create", "To update", "Unchanged", "Rejected")]
        assert sum(figures) == 4810
        assert figures[3] > 0 and "it is a letter" not in told
        with page.expect_navigation():
            page.locator("#import-found a", has_text="letter that no code has").click()
        assert page.locator("#rows tbody tr").count() > 0
        assert "a letter O is often a zero" in page.inner_text("#rows")
        assert visitor.barriers() == []


@needs_data
def test_stock_codes_are_no_credit_codes_and_every_row_says_so(editor):
    with editor() as visitor:
        page = upload(visitor, DATA / "stock_basic_GBK.csv")
        told = page.inner_text("main")
        assert "has no column for: Unified social credit code" in told
        assert "TS代码, 股票代码, 股票名称, 行业" in told
        assert visitor.barriers() == []
        choose(page, "股票代码", "code")
        choose(page, "股票名称", "name")
        page.click("#columns button.primary")
        page.wait_for_selector("#rows", timeout=UNTIL_READ)
        assert "GB18030" in page.inner_text("main")
        assert number(page, "Rejected") == number(page, "Rows in the file") == 4347
        assert "code of a wrong length" in page.inner_text("#import-found")
        assert "000001" in page.inner_text("#rows") and "Write all 18 characters" in page.inner_text("#rows")


@needs_data
def test_a_list_without_codes_says_what_is_missing_and_what_each_row_lacks(editor):
    with editor() as visitor:
        page = upload(visitor, DATA / "wuhan2020_factories.csv")
        assert "has no column for: Unified social credit code" in page.inner_text("main")
        page.click("#columns button.primary")
        page.wait_for_selector("[data-error-summary]")
        assert "No heading is taken as Unified social credit code" in page.inner_text("main")
        assert [each for each in visitor.complaints if "400" not in each] == []
        visitor.complaints.clear()
        choose(page, "资质证明", "code")
        page.click("#columns button.primary")
        page.wait_for_selector("#rows", timeout=UNTIL_READ)
        assert number(page, "Rejected") == number(page, "Rows in the file") == 24
        assert "no code" in page.inner_text("#import-found")
        assert "Write the code; without it a row cannot be told from others." in page.inner_text("#rows")
        assert visitor.barriers() == []


def choose(page, heading, key):
    page.locator("#columns tbody tr", has=page.locator("th", has_text=heading)).locator("select").select_option(key)


def test_three_hundred_rows_with_four_wrong_cells_take_five_clicks(editor, tmp_path):
    head = ["统一社会信用代码", "企业名称", "行政区划"]
    rows = [[code(n), f"五击零件{n}（虚构）", "310115"] for n in range(5000, 5300)]
    for place in (10, 80, 150, 299):
        rows[place][0] = rows[place][0][:17]
    book = xlsxwriter.Workbook(tmp_path / "三百行.xlsx")
    sheet = book.add_worksheet()
    for number_of_row, row in enumerate([head, *rows]):
        sheet.write_row(number_of_row, 0, row)
    book.close()
    with editor() as visitor:
        page = upload(visitor, tmp_path / "三百行.xlsx")  # clicks one and two: the file, and "Upload and preview"
        with page.expect_navigation():
            page.locator("#rows .segmented a", has_text="Rejected 4").click()  # three
        cells = page.locator("#rows input.cell")
        assert cells.count() == 4
        for place in (10, 80, 150, 299):
            cell = page.locator(f"#cell-{place + 2}-code")
            cell.focus()
            page.keyboard.press("ControlOrMeta+A")
            page.keyboard.type(code(5000 + place))
            page.keyboard.press("Tab")
            page.wait_for_selector(f"#row-{place + 2} .state-good")
        assert "Import 300 rows" in page.inner_text("#import-confirm")
        page.click("#import-confirm button")  # four; going to the first cell by mouse would be the fifth
        page.wait_for_selector("main .page-actions a.primary[href*='/enterprises/']", timeout=UNTIL_READ)
        assert number(page, "Created") == 300
