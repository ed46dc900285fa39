"""Workbooks: titles, merged and hidden parts, several sheets, headings, types of cells, what other programs write."""

from datetime import date

from tests.sheets.corpus.base import (
    BASIC,
    CITY,
    CODE,
    COUNTY,
    HEADINGS,
    INDUSTRY,
    NAME,
    OUTPUT,
    STAFF,
    VALUE,
    Case,
    Expect,
    book_of,
    error,
    fill,
    firm,
    firms,
    refused,
    registration,
    table,
    takes,
    uscc,
    warning,
    with_good,
    workbook,
)

TWO = table(*firms(2))
FULL = [uscc(1), "样例机械1厂（虚构）", "济南市", "历下区", "36", "", "", "", "", 120, 35.5, "台", 8.25, 9000]
XLSX = "名单.xlsx"


def one(build, name="企业名单"):
    """A workbook of one sheet that `build(book, sheet)` fills."""
    return workbook(lambda book: build(book, book.add_worksheet(name)))


def titles(book, sheet):
    sheet.write(0, 0, "山东省重点企业名单（虚构）")
    sheet.write(1, 0, "填报单位：样例局")
    sheet.write(1, 3, "2022年4月18日")
    fill(sheet, TWO, top=3)


def merged_titles(book, sheet):
    sheet.merge_range("A1:E1", "附件1", None)
    sheet.merge_range("A2:E3", "重点产业链供应链企业名单（虚构）", None)
    sheet.merge_range("A4:B4", "基本信息", None)
    sheet.merge_range("C4:D4", "所在地", None)
    fill(sheet, TWO, top=4)


def merged_cells(book, sheet):
    fill(sheet, table(firm(1), firm(2, city=None, county="市中区"), firm(3, city=None, county="历城区"), firm(4)))
    sheet.merge_range("C2:C4", "济南市")


def hidden_parts(book, sheet):
    fill(sheet, table(*firms(4)))
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.autofilter(0, 0, 4, 4)
    sheet.set_column("E:E", None, None, {"hidden": True})


def hidden_sheet(book):
    old = book.add_worksheet("旧名单")
    fill(old, table(*firms(5, 11)))
    fill(book.add_worksheet("新名单"), TWO)
    book.worksheets()[1].activate()
    book.worksheets()[1].set_first_sheet()
    old.hide()


def very_hidden_lists(book):
    fill(book.add_worksheet("企业名单"), TWO)
    lists = book.add_worksheet("选项")
    fill(lists, [["产业链", "领域"], ["汽车", "医疗物资"], ["食品", "生活必需品"]])
    lists.very_hidden()


def candidates(book):
    fill(book.add_worksheet("济南"), TWO)
    fill(book.add_worksheet("青岛"), table(firm(3, uscc(3, "370202"), city="青岛市", county="市南区")))


def empty_first(book):
    book.add_worksheet("Sheet1")
    fill(book.add_worksheet("企业名单"), TWO)


def notes_first(book):
    fill(book.add_worksheet("填报说明"), [["填报说明"], ["一、统一社会信用代码为18位。"], ["二、请于每日10时前报送。"]])
    fill(book.add_worksheet("企业名单"), TWO)


def all_empty(book):
    for name in ("Sheet1", "Sheet2", "Sheet3"):
        book.add_worksheet(name)


def headings(*names):
    return lambda: book_of([list(names), FULL])


def dates(book, sheet):
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    fill(sheet, [[*BASIC, "认定日期"], *firms(3)])
    sheet.write_datetime(1, 5, date(2022, 4, 18), day)
    sheet.write_string(2, 5, "2022年4月18日")
    sheet.write_string(3, 5, "2022-04-18")


def date_as_number(book, sheet):
    fill(sheet, table(firm(1), firm(2, staff="")))
    sheet.write_datetime("E3", date(2022, 4, 18), book.add_format({"num_format": 'yyyy"年"m"月"d"日"'}))


def formulas(book, sheet):
    fill(sheet, table(firm(1), firm(2, name=None)))
    sheet.write_formula("B3", '=CONCATENATE("样例","二厂（虚构）")', None, "样例二厂（虚构）")
    sheet.write_formula("E3", "=E2*2", None, 202)


def formula_without_value(book, sheet):
    fill(sheet, table(firm(1), firm(2)))
    sheet.write_formula("B3", '=CONCATENATE("样例","二厂")', None, "")


def errors(book, sheet):
    fill(sheet, table(*firms(4)))
    sheet.write_formula("E2", "=NA()", None, "#N/A")
    sheet.write_formula("B3", "=VLOOKUP(A3,X:Y,2,0)", None, "#REF!")
    sheet.write_formula("E4", "=1/0", None, "#DIV/0!")


def rich(book, sheet):
    fill(sheet, table(firm(1, name=None), firm(2)))
    bold, red = book.add_format({"bold": True}), book.add_format({"font_color": "red"})
    sheet.write_rich_string("B2", bold, "样例", red, "机械", "一厂（虚构）")


def percent(book, sheet):
    fill(sheet, [HEADINGS, FULL])
    sheet.write_number("K2", 0.85, book.add_format({"num_format": "0%"}))


def decorated(book, sheet):
    """Comments, a picture-like validation, colours and frozen panes change nothing."""
    fill(sheet, TWO)
    sheet.write_comment("A2", "请核对（虚构）", {"author": "样例"})
    sheet.data_validation("E2:E99", {"validate": "integer", "criteria": ">", "value": 0})
    sheet.conditional_format("A1:E9", {"type": "no_blanks", "format": book.add_format({"bg_color": "yellow"})})
    sheet.freeze_panes(1, 0)
    sheet.protect("")


def numbers():
    long = 913701028765432109
    return book_of(with_good(firm(101, code=long), firm(102, code=913701020000000000)))


def old_numbers():
    return book_of(with_good(firm(101, code=int(registration(1))), firm(102, code=int(registration(2)))))


def phones():
    return book_of([[*BASIC, "联系电话"], [*firm(1), 13800000001], [*firm(2), 5318000002]])


def footer():
    end = [["合计", None, None, None, 203], ["填表人：某某（虚构）", None, "审核人：某某（虚构）"]]
    return book_of([*with_good(), [], *end])


ENGLISH = (
    "Unified social credit code", "Enterprise name", "Prefecture", "County", "Industry", "Chain", "Field", "Size",
    "Tags", "Staff", "Normal daily output", "Unit of output", "Daily output value (10,000 yuan)",
    "Electricity baseline",
)  # fmt: skip
SYNONYMS = (
    "社会信用代码", "单位名称", "地市", "区县", "所属行业", "所属产业链", "所属领域", "企业规模", "企业标签",
    "员工人数", "日产量", "单位", "日产值", "日用电量基线",
)  # fmt: skip
BROKEN = (
    "统一社会\n信用代码",
    "企业\r\n名称",
    " 所属 地市 ",
    "所属区县",
    *HEADINGS[4:12],
    "日产值\n(万元)",
    "日用电\n基线",
)
STARRED = ("＊统一社会信用代码", "*企业名称", "所属地市（必填）", "所属区县(必填)", *HEADINGS[4:])
WRITTEN = {(2, CODE): uscc(1), (2, INDUSTRY): "36", (2, STAFF): "120", (2, OUTPUT): "35.5", (2, VALUE): "8.25"}
SAMPLES = {"认定日期": ("2022-04-18", "2022年4月18日", "2022-04-18")}
MERGED = {(3, CITY): "济南市", (3, COUNTY): "市中区", (4, CITY): "济南市"}
CACHED = {(3, NAME): "样例二厂（虚构）", (3, STAFF): "202"}
CELL_ERRORS = (error(2, STAFF, "cell_error"), error(3, NAME, "cell_error"), error(4, STAFF, "cell_error"))
NOISE = {(2, STAFF): "120", (2, OUTPUT): "342", (2, VALUE): "0.3"}
LOST = (error(22, CODE, "precision_lost"), error(23, CODE, "precision_lost"))
EXACT = (warning(22, CODE, "code_was_number"), warning(23, CODE, "code_was_number"))
PHONES = {"samples": {"联系电话": ("13800000001", "5318000002")}}
FOOTER = (error(23, CODE, "code_length"), error(24, CODE, "code_length"))

CASES = (
    Case("xlsx_plain", XLSX, lambda: book_of([HEADINGS, FULL]), takes(1, values=WRITTEN)),
    Case("xlsx_title_rows", XLSX, lambda: one(titles), takes(2, header_row=4)),
    Case(
        "xlsx_merged_titles",
        XLSX,
        lambda: one(merged_titles),
        takes(2, header_row=5),
        "and a group row",
    ),
    Case(
        "xlsx_merged_cells",
        XLSX,
        lambda: one(merged_cells),
        takes(4, values=MERGED),
        "a merged value stands for all its rows: only with it 市中区 is unambiguous",
    ),
    Case(
        "xlsx_hidden_rows",
        XLSX,
        lambda: one(hidden_parts),
        takes(4, values={(3, CODE): uscc(2), (3, STAFF): "102"}),
        "hidden rows and columns are read like all others",
    ),
    Case("xlsx_hidden_sheet", XLSX, lambda: workbook(hidden_sheet), takes(2, sheet="新名单")),
    Case("xlsx_lists_sheet", XLSX, lambda: workbook(very_hidden_lists), takes(2, sheet="企业名单")),
    Case(
        "xlsx_two_candidates",
        XLSX,
        lambda: workbook(candidates),
        Expect("needs_choice", notes={"sheets": ("济南", "青岛")}),
        "never the first one silently",
    ),
    Case("xlsx_empty_first_sheet", XLSX, lambda: workbook(empty_first), takes(2, sheet="企业名单")),
    Case("xlsx_notes_first", XLSX, lambda: workbook(notes_first), takes(2, sheet="企业名单")),
    Case("xlsx_all_empty", XLSX, lambda: workbook(all_empty), refused("no_header")),
    Case("xlsx_header_only", XLSX, lambda: book_of([HEADINGS]), refused("no_rows")),
    Case("xlsx_headings_english", XLSX, headings(*ENGLISH), takes(1, values=WRITTEN)),
    Case("xlsx_headings_synonyms", XLSX, headings(*SYNONYMS), takes(1, values=WRITTEN)),
    Case(
        "xlsx_headings_line_breaks",
        XLSX,
        headings(*BROKEN),
        takes(1, values=WRITTEN),
        "and brackets",
    ),
    Case(
        "xlsx_headings_marked",
        XLSX,
        headings(*STARRED),
        takes(1, values=WRITTEN),
        "required ones marked",
    ),
    Case(
        "xlsx_headings_both_names",
        XLSX,
        lambda: book_of([[*BASIC, "单位名称"], [*firm(1), "另一家（虚构）"]]),
        Expect("needs_choice"),
        "two columns for one field: asks, because either may be meant",
    ),
    Case(
        "xlsx_unknown_column",
        XLSX,
        lambda: book_of([[*BASIC, "备注"], [*firm(1), "重点"]]),
        Expect(created=1, unknown_columns=("备注",)),
    ),
    Case(
        "xlsx_dates",
        XLSX,
        lambda: one(dates),
        Expect(created=3, unknown_columns=("认定日期",), notes={"samples": SAMPLES}),
    ),
    Case(
        "xlsx_date_for_number",
        XLSX,
        lambda: one(date_as_number),
        takes(1, error(3, STAFF, "not_a_number")),
        "a date is not 44669 people",
    ),
    Case(
        "xlsx_formulas",
        XLSX,
        lambda: one(formulas),
        takes(2, values=CACHED),
        "their last values count",
    ),
    Case(
        "xlsx_formula_without_value",
        XLSX,
        lambda: one(formula_without_value),
        takes(1, error(3, NAME, "name_required")),
    ),
    Case("xlsx_error_cells", XLSX, lambda: one(errors), takes(1, *CELL_ERRORS)),
    Case(
        "xlsx_booleans",
        XLSX,
        lambda: book_of(table(firm(1), firm(2, staff=True))),
        takes(1, error(3, STAFF, "not_a_number")),
        "TRUE is not one person",
    ),
    Case("xlsx_numbers_as_text", XLSX, lambda: book_of(TWO), takes(2, values={(2, STAFF): "101"})),
    Case("xlsx_percent_format", XLSX, lambda: one(percent), takes(1, values={(2, OUTPUT): "0.85"})),
    Case(
        "xlsx_float_noise",
        XLSX,
        lambda: book_of([HEADINGS, [*FULL[:9], 120.0, 342.0000000000001, "台", 0.1 + 0.2, 9000]]),
        takes(1, values=NOISE),
    ),
    Case(
        "xlsx_uscc_as_number",
        XLSX,
        numbers,
        takes(20, *LOST),
        "three digits are gone for good",
    ),
    Case(
        "xlsx_registration_as_number",
        XLSX,
        old_numbers,
        takes(22, *EXACT),
        "15 digits fit a number exactly",
    ),
    Case("xlsx_phone_as_number", XLSX, phones, Expect(created=2, unknown_columns=("联系电话",), notes=PHONES)),
    Case(
        "xlsx_rich_text",
        XLSX,
        lambda: one(rich),
        takes(2, values={(2, NAME): "样例机械一厂（虚构）"}),
    ),
    Case(
        "xlsx_footer",
        XLSX,
        footer,
        Expect(created=20, rejected=2, faults=FOOTER, exact=False),
        "sums and signatures below the data are rejected one by one, not the file",
    ),
    Case("xlsx_decorated", XLSX, lambda: one(decorated), takes(2)),
)
