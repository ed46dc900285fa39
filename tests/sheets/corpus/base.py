"""What a case and its expectation are, and the small tables that most cases are made of."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import xlsxwriter
from stdnum.iso7064 import mod_11_10

from whitelist.core.codes import check_digit

IMPORTER = "370000"
COLUMNS = {
    "统一社会信用代码": "code",
    "企业名称": "name",
    "所属地市": "prefecture",
    "所属区县": "county",
    "行业": "industry",
    "产业链": "chain",
    "领域": "field",
    "规模": "size",
    "标签": "tags",
    "职工人数": "staff_total",
    "正常日产量": "normal_output",
    "计量单位": "output_unit",
    "日产值（万元）": "output_value",
    "日用电基线": "electricity_baseline",
}
HEADINGS = tuple(COLUMNS)
CODE, NAME, CITY, COUNTY, INDUSTRY, CHAIN, FIELD, SIZE, TAGS, STAFF, OUTPUT, UNIT, VALUE, POWER = HEADINGS
BASIC = (CODE, NAME, CITY, COUNTY, STAFF)


@dataclass(frozen=True)
class Known:
    """An enterprise that the register holds before the file arrives."""

    code: str
    name: str
    division: str = "370102"
    staff_total: int | None = None
    status: str = "active"


@dataclass(frozen=True)
class Expect:
    """What the importer must answer.

    `created`, `updated`, `unchanged` and `rejected` sum to the rows below the header that hold anything. `faults` are
    (row, column, code, severity): the row as Excel numbers it, the column by the heading in `HEADINGS` whatever the
    file calls it. An error rejects its row, a warning does not. With `exact` the faults named are all there are;
    without it each must be there and others may be. `unknown_columns` must be listed by the importer; the counts hold
    once they are left out knowingly.

    `notes` says more where it matters: `header_row`, `sheet` (the one taken), `sheets` (to choose from), `encoding`,
    `delimiter`, `normalised` (code cells brought to the standard's form), `values` {(row, heading): text that is to be
    written}, `samples` {unknown heading: texts shown}, `suggestions` {row: likely code}, `changes` {(row, heading):
    (old, new)}. Values that are numbers compare as numbers; several tags are joined by a comma.
    """

    state: str = "preview"
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    faults: tuple[tuple[int, str, str, str], ...] = ()
    refusal: str | None = None
    unknown_columns: tuple[str, ...] = ()
    exact: bool = True
    notes: dict = field(default_factory=dict)

    @property
    def rows(self):
        return self.created + self.updated + self.unchanged + self.rejected


@dataclass(frozen=True)
class Case:
    """A file, made in memory, and what is expected of it."""

    name: str
    file_name: str
    make: Callable[[], bytes]
    expect: Expect
    note: str = ""
    kind: str = "enterprises"
    register: tuple[Known, ...] = ()


def refused(code):
    return Expect("refused", refusal=code)


def takes(created, *faults, **notes):
    """So many rows created, the rows with an error rejected, nothing else."""
    rejected = len({row for row, _, _, severity in faults if severity == "error"})
    return Expect(created=created, rejected=rejected, faults=faults, notes=notes)


def error(row, column, code):
    return (row, column, code, "error")


def warning(row, column, code):
    return (row, column, code, "warning")


def _inner(body):
    """The ninth character of an organisation code (GB 11714)."""
    total = sum(int(char, 36) * weight for char, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    return "0123456789X"[-total % 11]


def uscc(number, division="370102", letters="MA3"):
    """A code that is right in both its check digits and belongs to nobody."""
    organisation = f"{letters}{number:0{8 - len(letters)}d}"
    body = f"91{division}{organisation}{_inner(organisation)}"
    return body + check_digit(body)


def wrong_digit(code):
    """The same code with another last character."""
    return code[:17] + ("0" if code[17] != "0" else "1")


def registration(number, division="370102"):
    """An old 15-digit registration number whose check digit fits."""
    body = f"{division}{20000000 + number}"
    return body + mod_11_10.calc_check_digit(body)


def firm(number, code=None, name=None, city="济南市", county="历下区", staff=None):
    """A row of `BASIC`; every value can be given, the others follow from the number."""
    return [
        uscc(number) if code is None else code,
        f"样例机械{number}厂（虚构）" if name is None else name,
        city,
        county,
        str(100 + number) if staff is None else staff,
    ]


def firms(count, start=1):
    return [firm(number) for number in range(start, start + count)]


def table(*rows):
    """The basic heading over the rows."""
    return [list(BASIC), *rows]


def with_good(*rows, good=20):
    """Good rows first, so that the quality gate passes; the rows in question begin at row `good` + 2."""
    return table(*firms(good), *rows)


def csv_of(rows, encoding="utf-8-sig", delimiter=",", newline="\r\n"):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=newline).writerows(rows)
    return out.getvalue().encode(encoding)


def workbook(build):
    """A workbook by xlsxwriter, the same bytes each time; `build` gets it."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": datetime(2022, 4, 18)})
    build(book)
    book.close()
    return out.getvalue()


def fill(sheet, rows, top=0):
    for number, values in enumerate(rows, start=top):
        for place, value in enumerate(values):
            if isinstance(value, str):
                sheet.write_string(number, place, value)
            elif value is not None:
                sheet.write(number, place, value)


def book_of(rows, name="企业名单"):
    """A plain workbook of one sheet."""
    return workbook(lambda book: fill(book.add_worksheet(name), rows))
