"""A workbook like those that provinces compile from notices: same headings, same mess, every firm in it invented."""

import io

import xlsxwriter
from stdnum.iso7064 import mod_11_10

from whitelist.core.codes import check_digit

HEAD = (
    "序号",
    "企业名称",
    "统一社会信用代码",
    "所属地市",
    "所属区县",
    "行业\n［分类管理名录（2017年版）］",
    "实施时限",
)
PLACES = (
    ("潍坊市", "安丘市"),
    ("青岛市", "黄岛区"),
    ("济南市", "历城区"),
    ("滨州市", "邹平县"),
    ("青岛市", "高新区"),
    ("东营市", ""),
)
INDUSTRIES = ("食品制造业14", "不详", "", "石油、煤炭及其他燃料加工业25/化学原料和化学制品制造业26", "通用工序")


def code(number):
    body = f"91370000MA9Y{number:05d}"
    return body + check_digit(body)


def old_number(number):
    body = f"370000{30_000_000 + number}"
    return body + mod_11_10.calc_check_digit(body)


def wrong_end(right):
    return right[:17] + ("1" if right[17] != "1" else "2")


def firm(number, key):
    city, county = PLACES[number % len(PLACES)]
    return [number, f"示例{number}厂（虚构）", key, city, county, INDUSTRIES[number % len(INDUSTRIES)], 2019]


def rows(firms=600, old=80):
    """`firms` enterprises by code and `old` by number, 40 of them again, and each of the faults that occur in life."""
    made = [firm(n, code(n)) for n in range(firms)] + [firm(n, old_number(n)) for n in range(firms, firms + old)]
    again = [[*made[n][:5], "", "不详"] for n in range(40)]
    letter_o = firm(901, code(901).replace("0", "O", 1))
    last = firm(902, wrong_end(code(902)))
    renamed = [*made[50][:1], "另一名称（虚构）", *made[50][2:]]
    cooperative = firm(903, "370000NA000001X")
    return [*made, *again, letter_o, last, renamed, cooperative]


def workbook(table=None):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("企业名单")
    for number, row in enumerate([HEAD, *(rows() if table is None else table)]):
        for place, cell in enumerate(row):
            sheet.write(number, place, cell)
    book.close()
    return buffer.getvalue()
