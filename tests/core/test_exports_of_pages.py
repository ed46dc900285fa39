"""Every list leaves as a file that says what it is, and the trail says who took it."""

import io

import openpyxl
import pytest
from django.db import connection

from enterprises.models import Material, SupplyLink
from tests.sheets.workbooks import imported, upload, work
from whitelist.audit.models import AuditEntry
from whitelist.core import export
from whitelist.sheets import services
from whitelist.sheets.undo import services as undoing

pytestmark = pytest.mark.django_db
LISTS = {
    "/audit/": "audit.auditentry",
    "/batches/": "enterprises.batch",
    "/enterprises/": "enterprises.enterprise",
    "/imports/": "sheets.sheetimport",
    "/lists/": "enterprises.whitelist",
    "/materials/": "enterprises.material",
    "/reports/": "enterprises.reportdue",
    "/supply-links/": "enterprises.supplylink",
    "/users/": "accounts.user",
}


def book(answer):
    content = answer if isinstance(answer, bytes) else answer.getvalue()
    return openpyxl.load_workbook(io.BytesIO(content))


def front(answer):
    return {row[0].value: row[1].value for row in book(answer).worksheets[0].iter_rows(max_col=2)}


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize(("where", "subject"), LISTS.items())
def test_who_took_which_list_stands_in_the_trail(make, page, shanghai, where, subject, form):
    make.supply_link(), make.batch()
    answer = page(shanghai).get(f"{where}?export={form}")
    held = len(list(book(answer).worksheets[1].rows)) - 1 if form == "xlsx" else answer.getvalue().count(b"\r\n") - 1
    entry = AuditEntry.objects.get(verb="exported")
    assert (entry.actor, entry.subject, entry.place, entry.after["form"]) == (shanghai, subject, "310000", form)
    assert entry.after["rows"] == held
    assert "Exported" in page(shanghai).get("/audit/").content.decode()
    assert page(shanghai).get(f"/audit/{entry.pk}/object/").status_code == 404


def test_the_first_sheet_says_what_was_asked_for_in_words(make, page, shanghai):
    make.enterprise(name="甲（虚构）", chain="food")
    make.enterprise(name="乙（虚构）", chain="medicine")
    told = front(page(shanghai).get("/enterprises/?chain=food&division=310000&sort=-name&q=虚构&export=xlsx"))
    assert next(iter(told)) == "Enterprises"
    assert (told["Chain"], told["Search"], told["Rows"], told["Made by"]) == ("food", "虚构", "1", str(shanghai))
    assert "As of" in told and "Made at (Shanghai)" in told and "chain" not in told and "q" not in told
    assert AuditEntry.objects.get(verb="exported").after["filters"].startswith("Search: 虚构; ")


def test_without_a_filter_that_is_said(page, shanghai):
    assert front(page(shanghai).get("/materials/?export=xlsx"))["Filter"].startswith("none")


def test_reports_leave_with_their_definitions(page, shanghai):
    told = front(page(shanghai).get("/reports/?export=xlsx"))
    assert "÷" in told["Resumption rate"] and "24:00" in told["As of"]


def test_what_a_worksheet_cannot_hold_is_said(page, make, shanghai, monkeypatch):
    monkeypatch.setattr(export, "MOST_IN_WORKBOOK", 2)
    for _ in range(3):
        make.enterprise()
    answer = page(shanghai).get("/enterprises/?export=xlsx").getvalue()
    assert front(answer)["Rows"].startswith("the first 2 of 3")
    assert len(list(book(answer).worksheets[1].rows)) == 3
    assert page(shanghai).get("/enterprises/?export=csv").getvalue().count(b"\r\n") == 4


def test_rows_come_by_a_cursor_and_not_all_at_once(page, make, shanghai):
    made = []

    def noted(execute, sql, params, many, context):
        made.append(sql)
        return execute(sql, params, many, context)

    make.enterprise()
    with connection.execute_wrapper(noted):
        page(shanghai).get("/enterprises/?export=csv").getvalue()
    assert not any("LIMIT 100000" in sql for sql in made)


def test_a_number_too_long_for_a_spreadsheet_is_text(make, page, shanghai):
    make.enterprise(normal_output="12345678901234.56", output_value="12.50", staff_total=7)
    sheet = book(page(shanghai).get("/enterprises/?export=xlsx")).worksheets[1]
    head = [cell.value for cell in sheet[1]]
    cells = dict(zip(head, sheet[2], strict=True))
    assert cells["Normal daily output"].value == "12345678901234.56" and cells["Normal daily output"].data_type == "s"
    assert (cells["Staff"].value, cells["Staff"].data_type) == (7, "n")


def edited(answer, changes):
    """The exported workbook with some cells changed in a spreadsheet program: {(row, heading): value}."""
    workbook, out = book(answer), io.BytesIO()
    sheet = workbook.worksheets[1]
    head = [cell.value for cell in sheet[1]]
    for (row, heading), value in changes.items():
        sheet.cell(row, head.index(heading) + 1, value)
    workbook.save(out)
    return out.getvalue()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_export_edit_three_cells_import_changes_exactly_three_rows(make, page, shanghai, language):
    for n in range(8):
        make.enterprise(
            "310115", name=f"企业{n}（虚构）", staff_total=n, size="large", tags=["leading", "key_link"],
            normal_output="1234.50", industry="3670", link="=线束", registered_division_id="310000", output_unit="辆",
        )  # fmt: skip
    make.enterprise("310115", uscc=None, registration_no="310115000000018", name="老厂（虚构）")
    answer = page(shanghai).get("/enterprises/?sort=name&export=xlsx", headers={"Accept-Language": language})
    answer = answer.getvalue()
    head = [cell.value for cell in book(answer).worksheets[1][1]]
    name, size, staff = head[1], head[8], head[11]
    changes = {(3, name): "改名（虚构）", (5, staff): 999, (7, size): "micro"}
    made = imported(edited(answer, changes), shanghai)
    assert made.counts == {"created": 0, "updated": 3, "unchanged": 6, "rejected": 0}
    assert [(line.number, list(line.changes)) for line in made.lines.filter(outcome="updated")] == [
        (3, ["name"]),
        (5, ["staff_total"]),
        (7, ["size"]),
    ]
    again = imported(edited(answer, changes), shanghai)
    assert again.counts == {"created": 0, "updated": 0, "unchanged": 9, "rejected": 0}


def test_a_csv_comes_back_as_it_went(make, page, shanghai):
    make.enterprise("310115", name="甲（虚构）", link="=1+1", staff_total=3, normal_output="1234.50")
    make.enterprise("310115", name="@乙（虚构）")
    made = imported(page(shanghai).get("/enterprises/?export=csv").getvalue(), shanghai, name="back.csv")
    assert made.counts == {"created": 0, "updated": 0, "unchanged": 2, "rejected": 0}


def brought_back(content, kind, by):
    made = services.upload(upload(content, "back.xlsx"), kind=kind, by=by)
    work()
    made.refresh_from_db()
    assert made.state == "preview", made.refusal
    services.confirm(made, by=by)
    work()
    made.refresh_from_db()
    return made


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_materials_come_back_as_they_went_but_for_what_was_edited(make, page, ministry, language):
    for n in range(5):
        make.material(code=f"part-{n}", name=f"零件{n}（虚构）", name_en=f"Part {n}", chain="food", is_bulk=n == 1)
    before = list(Material.objects.order_by("pk").values("code", "name", "unit", "chain", "is_bulk"))
    answer = page(ministry).get("/materials/?export=xlsx", headers={"Accept-Language": language}).getvalue()
    head = [cell.value for cell in book(answer).worksheets[1][1]]
    made = brought_back(
        edited(answer, {(2, head[1]): "甲", (3, head[3]): "吨", (4, head[4]): ""}), "materials", ministry
    )
    assert made.counts == {"created": 0, "updated": 2, "unchanged": 3, "rejected": 0}
    undoing.undo(made, by=ministry)
    work()
    assert list(Material.objects.order_by("pk").values("code", "name", "unit", "chain", "is_bulk")) == before


def test_supply_links_come_back_as_they_went_but_for_what_was_edited(make, page, shanghai):
    for n in range(4):
        make.supply_link(share=n + 10, is_confirmed=True)
    before = list(SupplyLink.objects.order_by("pk").values("share", "criticality", "is_confirmed", "declared_by"))
    answer = page(shanghai).get("/supply-links/?export=xlsx").getvalue()
    head = [cell.value for cell in book(answer).worksheets[1][1]]
    share = next(title for title in head if "hare" in title)
    made = brought_back(edited(answer, {(2, share): 77, (4, share): "55.5"}), "supply-links", shanghai)
    assert made.counts == {"created": 0, "updated": 2, "unchanged": 2, "rejected": 0}
    undoing.undo(made, by=shanghai)
    work()
    made.refresh_from_db()
    assert made.undone == {"restored": 2, "removed": 0, "kept": 0}
    assert (
        list(SupplyLink.objects.order_by("pk").values("share", "criticality", "is_confirmed", "declared_by")) == before
    )
