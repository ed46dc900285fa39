"""Sheets of reports and of stock as officials send them, through the importer."""

from tests.sheets.workbooks import upload, xlsx
from whitelist.sheets import services

HEAD = (
    "统一社会信用代码",
    "企业名称",
    "日期",
    "生产状态",
    "应到岗人数",
    "到岗人数",
    "产量",
    "进厂是否畅通",
    "病例数",
    "原因",
)
STOCK = ("信用代码", "日期", "物料", "库存", "日用量", "到货量", "到货日期")


def report(firm, day="2022-05-09", state="正常", due=100, on_duty=90, output=80, inbound="畅通", cases=0, reason=""):
    return (firm.code, firm.name, day, state, due, on_duty, output, inbound, cases, reason)


def stock(firm, material, on_hand=290, use=100, arriving="", on="", day="2022年5月9日"):
    return (firm.code, day, material, on_hand, use, arriving, on)


def read(rows, by, kind="daily-reports", name="日报.xlsx"):
    """Upload rows and let the worker read them."""
    made = services.upload(upload(xlsx(rows), name), kind=kind, by=by)
    return settled(made)


def settled(made):
    """What the worker does; the clock of these tests stands in 2022, so no outbox is asked."""
    {"parsing": services.parse, "confirming": services.write}[made.state](made.pk)
    made.refresh_from_db()
    return made


def confirmed(made, by):
    return settled(services.confirm(made, by=by))


def imported(rows, by, **kwargs):
    return confirmed(read(rows, by, **kwargs), by)


def faults(made):
    """What is wrong, as (row, column, code)."""
    return {(line.number, fault["key"], fault["code"]) for line in made.lines.all() for fault in line.faults}


def sentences(made):
    return " ".join(fault["detail"] for line in made.lines.all() for fault in line.faults)
