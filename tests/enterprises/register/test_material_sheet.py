"""The vocabulary from a workbook: by code, by the rules of the form, kept by the ministry."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import load_workbook

from enterprises.models import Material
from enterprises.register import services as register
from tests.sheets.workbooks import upload, work, xlsx
from whitelist.audit.models import AuditEntry
from whitelist.core.errors import NotAllowed
from whitelist.sheets import kinds, services
from whitelist.sheets.files import workbooks
from whitelist.sheets.models import SheetImport, SheetRow
from whitelist.sheets.undo import services as undoing

HEAD = ["物料编码", "中文名称", "英文名称", "计量单位", "产业链", "是否大宗"]
pytestmark = pytest.mark.django_db


def read(rows, by, head=HEAD):
    made = services.upload(upload(xlsx([head, *rows])), kind="materials", by=by)
    work()
    return SheetImport.objects.get(pk=made.pk)


def imported(rows, by, head=HEAD):
    made = services.confirm(read(rows, by, head), by=by)
    work()
    return SheetImport.objects.get(pk=made.pk)


def faults(made, number):
    return [(each["column"], each["code"]) for each in SheetRow.objects.get(sheet_import=made, number=number).faults]


def test_new_words_are_entered_and_known_ones_changed(make, ministry):
    known = make.material("ecu-12v", name="控制器（虚构）", unit="件")
    rows = [
        ["ECU-12V", "车身控制器（虚构）", "", "", "汽车", "否"],
        ["steel-q235", "钢板（虚构）", "Plate", "吨", "装备", "√"],
    ]
    made = imported(rows, ministry)
    assert (made.state, made.counts) == ("done", {"created": 1, "updated": 1, "unchanged": 0, "rejected": 0})
    known.refresh_from_db()
    assert (known.name, known.unit, known.chain, known.version) == ("车身控制器（虚构）", "件", "automobiles", 2)
    new = Material.objects.get(code="steel-q235")
    assert (new.name_en, new.unit, new.chain, new.is_bulk) == ("Plate", "吨", "equipment", True)
    told = AuditEntry.objects.about(known).get()
    assert told.verb == "imported" and told.before["name"] == "控制器（虚构）"
    assert AuditEntry.objects.about(new).get().after["unit"] == "吨"


def test_the_same_file_again_changes_nothing(ministry):
    rows = [["a-1", "甲（虚构）", "A", "件", "汽车", "是"], ["a-2", "乙（虚构）", "", "吨", "", ""]]
    imported(rows, ministry)
    before = list(Material.objects.values())
    again = imported(rows, ministry)
    assert again.counts == {"created": 0, "updated": 0, "unchanged": 2, "rejected": 0}
    assert list(Material.objects.values()) == before


def test_every_fault_stands_at_its_cell(make, ministry):
    make.material("known", unit="件")
    rows = [
        ["", "无编码（虚构）", "", "件", "", ""],
        ["with space", "空格（虚构）", "", "件", "", ""],
        ["no-unit", "缺单位（虚构）", "", "", "", ""],
        ["no-name", "", "", "件", "", ""],
        ["bad-chain", "链（虚构）", "", "件", "没有的链", ""],
        ["bad-flag", "旗（虚构）", "", "件", "", "也许"],
        ["x" * 41, "长（虚构）", "", "件", "", ""],
        ["good", "好（虚构）", "", "件", "", ""],
    ]
    made = read(rows, ministry)
    assert made.counts == {"created": 1, "updated": 0, "unchanged": 0, "rejected": 7}
    assert faults(made, 2) == [("物料编码", "code_required")]
    assert faults(made, 3)[0] == ("物料编码", "invalid")
    assert faults(made, 4) == [("计量单位", "blank")]
    assert faults(made, 5) == [("中文名称", "blank")]
    assert faults(made, 6) == [("产业链", "unknown_choice")]
    assert faults(made, 7) == [("是否大宗", "unknown_choice")]
    assert faults(made, 8)[0] == ("物料编码", "max_length")


def test_a_unit_in_which_stock_was_told_stays(make, ministry, shanghai):
    part = make.material("part", unit="件")
    firm = make.enterprise("310115")
    make.report(firm, stock=[(part, 10, 1)], by=shanghai)
    made = read([["part", "零件（虚构）", "", "箱", "", ""]], ministry)
    assert faults(made, 2) == [("计量单位", "in_use")]
    assert "enter a new material instead" in made.lines.get().faults[0]["detail"]


def test_rows_of_one_code_that_contradict_each_other_are_both_left_out(ministry):
    made = read([["a-1", "甲（虚构）", "", "件", "", ""], ["A-1", "甲（虚构）", "", "吨", "", ""]], ministry)
    assert made.counts["rejected"] == 2 and faults(made, 2) == [("物料编码", "contradicts_row")]


def test_one_name_under_two_codes_is_said(make, ministry):
    make.material("old-1", name="钢板（虚构）")
    made = read([["new-1", "钢板（虚构）", "", "吨", "", ""]], ministry)
    assert made.counts["created"] == 1 and faults(made, 2) == [("中文名称", "same_name")]


def test_only_the_ministry_keeps_the_vocabulary(make, shanghai, ministry):
    assert not kinds.get("materials").may_import(shanghai)
    with pytest.raises(NotAllowed):
        services.upload(upload(xlsx([HEAD, ["a", "甲（虚构）", "", "件", "", ""]])), kind="materials", by=shanghai)
    assert not kinds.get("materials").may_import(make.user("000000", duties=["view"]))
    assert kinds.get("materials").may_import(ministry)


def test_somebodys_change_after_the_preview_stops_the_confirmation(make, ministry):
    part = make.material("part", name="旧（虚构）")
    made = services.confirm(read([["part", "新（虚构）", "", "", "", ""]], ministry), by=ministry)
    register.change_material(part, by=ministry, name="别人的（虚构）")
    work()
    made.refresh_from_db()
    part.refresh_from_db()
    assert (made.state, part.name) == ("preview", "别人的（虚构）") and "Nothing was imported yet" in made.refusal


def test_what_is_exported_comes_back_unchanged_and_three_edits_are_three_updates(page, make, ministry):
    for number in range(1, 7):
        make.material(f"part-x{number}", name=f"零件{number}（虚构）", unit="件", chain="food", is_bulk=number % 2 == 0)
    answer = page(ministry).get("/materials/?export=xlsx")
    content = answer.getvalue() if hasattr(answer, "getvalue") else answer.content
    table = load_workbook(io.BytesIO(content)).get_sheet_by_index(1).to_python()
    made = imported(table[1:], ministry, table[0])
    assert made.counts == {"created": 0, "updated": 0, "unchanged": 6, "rejected": 0} and not made.unknown_columns
    place = {title: at for at, title in enumerate(table[0])}
    table[1][place["Chinese name"]], table[3][place["Unit"]], table[5][place["Bulk raw material"]] = (
        "改（虚构）",
        "吨",
        "yes",
    )
    assert imported(table[1:], ministry, table[0]).counts["updated"] == 3


def test_the_template_is_read_back(ministry):
    content = workbooks.template(kinds.get("materials"))
    made = services.upload(upload(content), kind="materials", by=ministry)
    work()
    made.refresh_from_db()
    assert made.refusal_code == "no_rows"


def test_the_page_shows_what_would_become_of_each_row(page, make, ministry):
    make.material("part", name="旧（虚构）")
    made = read([["part", "新（虚构）", "", "", "", "是"], ["", "无码（虚构）", "", "件", "", ""]], ministry)
    for language in ("en", "zh-hans"):
        shown = page(ministry).get(f"/imports/{made.pk}/", headers={"Accept-Language": language}).content.decode()
        assert "旧（虚构）" in shown and "新（虚构）" in shown
    assert "materials" in page(ministry).get("/imports/new/?kind=materials").content.decode()


def test_as_many_queries_for_two_thousand_rows_as_for_twenty(ministry):
    def queries(count):
        rows = [[f"q{count}-{n}", f"料{n}（虚构）", "", "件", "", ""] for n in range(count)]
        made = services.upload(upload(xlsx([HEAD, *rows])), kind="materials", by=ministry)
        with CaptureQueriesContext(connection) as read_with:
            services.parse(made.pk)
        services.confirm(SheetImport.objects.get(pk=made.pk), by=ministry)
        with CaptureQueriesContext(connection) as wrote_with:
            services.write(made.pk)
        assert SheetImport.objects.get(pk=made.pk).state == "done"
        return len(read_with), len(wrote_with)

    queries(5)
    assert queries(20) == queries(2000)


def test_an_undo_restores_changed_words_and_removes_new_ones(make, ministry):
    known = make.material("part", name="旧（虚构）")
    made = imported([["part", "新（虚构）", "", "", "食品", ""], ["fresh", "鲜（虚构）", "", "件", "", ""]], ministry)
    undoing.undo(made, by=ministry)
    work()
    made.refresh_from_db()
    known.refresh_from_db()
    assert (made.state, made.undone) == ("undone", {"restored": 1, "removed": 1, "kept": 0})
    assert (known.name, known.chain, Material.objects.count()) == ("旧（虚构）", "", 1)


def test_an_undo_keeps_a_word_that_is_used_by_now(make, ministry):
    made = imported([["fresh", "鲜（虚构）", "", "件", "", ""]], ministry)
    make.supply_link(material=Material.objects.get())
    undoing.undo(made, by=ministry)
    work()
    made.refresh_from_db()
    assert made.undone == {"restored": 0, "removed": 0, "kept": 1} and Material.objects.exists()


def test_a_row_that_somebody_changed_after_its_export_is_left_out_and_says_who(make, ministry):
    part = make.material("part", name="旧（虚构）")
    register.change_material(part, by=make.user("000000", name="Wang"), name="别人的（虚构）")
    made = read([["part", "我的（虚构）", "", "", "", "", 1]], ministry, [*HEAD, "版本"])
    told = made.lines.get().faults[0]
    assert told["code"] == "changed_since_export" and "Wang" in told["detail"] and "别人的" in told["detail"]
    assert read([["part", "我的（虚构）", "", "", "", "", ""]], ministry, [*HEAD, "版本"]).counts["updated"] == 1
