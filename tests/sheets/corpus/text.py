"""Text files: encodings, delimiters, line ends, shapes and limits."""

import random

from tests.sheets.corpus.base import (
    BASIC,
    CITY,
    CODE,
    NAME,
    STAFF,
    Case,
    Expect,
    csv_of,
    error,
    firm,
    firms,
    refused,
    table,
    takes,
    uscc,
)

TWO = table(*firms(2))


def lines(*rows, end="\r\n"):
    """Rows joined as they are, without any quoting."""
    return "".join(",".join(row) + end for row in rows)


def odd_names():
    """Names with characters that GB18030 writes in four bytes."""
    return table(firm(1, name="𠮷祥㛃器厂（虚构）"), firm(2, name="䶮城玻璃厂（虚构）"))


def quoted():
    names = ("样例\n一厂（虚构）", "样例,二厂（虚构）", '样例"三"厂（虚构）')
    return csv_of(table(*(firm(n, name=name) for n, name in enumerate(names, start=1))))


def ragged():
    short, long = [*firm(1)[:2], "济南市"], [*firm(2), "", "", ""]
    return lines(BASIC, short, long).encode()


def shifted():
    code, _, city, county, staff = firm(2)
    return lines(BASIC, firm(1), [code, "样例集团", "二分厂（虚构）", city, county, staff]).encode()


def indexed():
    """As pandas writes it: an index without a heading first."""
    return csv_of([["", *BASIC], *([str(n), *row] for n, row in enumerate(firms(3)))], "utf-8")


def blank_lines():
    return csv_of([[], [], *TWO, [], firm(3), [], ["", "", "", "", ""], [" ", "", "　", "", ""]])


def with_nul():
    return csv_of(TWO, "utf-8").replace("样例机械1厂".encode(), "样例\0机械1厂".encode())


def lone_surrogate():
    return csv_of(TWO, "utf-8").replace("样例机械1厂".encode(), b"\xed\xa0\x80" + "机械1厂".encode())


def cut_in_a_character():
    data = csv_of([*TWO, ["厂"]], "gb18030", newline="")
    return data[:-1]


def wide(columns):
    unknown = [f"备用列{n}" for n in range(1, columns - len(BASIC) + 1)]
    return csv_of([[*BASIC, *unknown], *([*row, *["-"] * len(unknown)] for row in firms(2))])


def spare(columns):
    return tuple(f"备用列{n}" for n in range(1, columns - len(BASIC) + 1))


def long(count):
    return csv_of([BASIC[:4], *(firm(number)[:4] for number in range(1, count + 1))])


def binary():
    return random.Random(37).randbytes(20_000)


def formulas():
    names = ("=cmd|' /C calc'!A0", "+厂（虚构）", "-厂（虚构）", "@SUM(A1:A9)厂（虚构）")
    return csv_of(table(*(firm(n, name=name) for n, name in enumerate(names, start=1))))


def titled():
    return csv_of([["山东省重点企业名单（虚构）"], ["填报日期：2022年4月18日", "", "单位：人"], [], *TWO])


FORMULA = {(2, NAME): "=cmd|' /C calc'!A0", (3, NAME): "+厂（虚构）"}
QUOTED = {(2, NAME): "样例\n一厂（虚构）", (3, NAME): "样例,二厂（虚构）", (4, NAME): '样例"三"厂（虚构）'}
FOUR_BYTES = {(2, NAME): "𠮷祥㛃器厂（虚构）", (3, NAME): "䶮城玻璃厂（虚构）"}
GB, TAB = {"encoding": "gb18030"}, {"delimiter": "\t"}

CASES = (
    Case(
        "csv_utf8_bom",
        "名单.csv",
        lambda: csv_of(TWO),
        takes(2),
        "the mark must not stick to the first heading",
    ),
    Case("csv_utf8", "名单.csv", lambda: csv_of(TWO, "utf-8"), takes(2)),
    Case("csv_gb18030", "名单.csv", lambda: csv_of(TWO, "gb18030"), takes(2, **GB), "as Chinese Excel saves"),
    Case(
        "csv_gb18030_four_bytes",
        "名单.csv",
        lambda: csv_of(odd_names(), "gb18030"),
        Expect(created=2, notes=GB | {"values": FOUR_BYTES}),
    ),
    Case(
        "csv_utf16_with_mark",
        "名单.txt",
        lambda: csv_of(TWO, "utf-16", delimiter="\t"),
        Expect(created=2, notes={"encoding": "utf-16"} | TAB),
        "“Unicode text” of Excel: the byte order mark says what it is",
    ),
    Case("csv_utf16_without_mark", "名单.csv", lambda: csv_of(TWO, "utf-16-le"), refused("unreadable_encoding")),
    Case("csv_lf", "名单.csv", lambda: csv_of(TWO, newline="\n"), takes(2)),
    Case("csv_cr", "名单.csv", lambda: csv_of(TWO, newline="\r"), takes(2), "line ends of old Macintosh files"),
    Case("csv_semicolon", "名单.csv", lambda: csv_of(TWO, delimiter=";"), takes(2, delimiter=";")),
    Case("csv_pipe", "名单.csv", lambda: csv_of(TWO, delimiter="|"), takes(2, delimiter="|")),
    Case("csv_tab_named_csv", "名单.csv", lambda: csv_of(TWO, delimiter="\t"), takes(2, **TAB)),
    Case("tsv_gb18030", "名单.tsv", lambda: csv_of(TWO, "gb18030", "\t"), Expect(created=2, notes=GB | TAB)),
    Case(
        "csv_sep_line",
        "名单.csv",
        lambda: b"\xef\xbb\xbfsep=;\r\n" + csv_of(TWO, "utf-8", ";"),
        Expect(created=2, notes={"delimiter": ";", "header_row": 2}),
        "Excel's own first line that names the delimiter",
    ),
    Case("csv_quoted", "名单.csv", quoted, takes(3, values=QUOTED), "rows count, not lines"),
    Case("csv_title_rows", "名单.csv", titled, takes(2, header_row=4)),
    Case(
        "csv_ragged",
        "名单.csv",
        ragged,
        takes(2),
        "missing cells are blank, empty ones beyond the last are nothing",
    ),
    Case(
        "csv_shifted_row",
        "名单.csv",
        shifted,
        Expect(created=1, rejected=1, faults=(error(3, CITY, "unknown_division"),), exact=False),
        "an unquoted comma in a name moves the rest of its row",
    ),
    Case(
        "csv_unnamed_index",
        "名单.csv",
        indexed,
        takes(3, values={(2, CODE): uscc(1)}),
        "a first column without heading is no unknown column to ask about",
    ),
    Case(
        "csv_blank_lines",
        "名单.csv",
        blank_lines,
        Expect(created=3, notes={"header_row": 3, "values": {(7, CODE): uscc(3)}}),
    ),
    Case(
        "csv_nul", "名单.csv", with_nul, refused("unreadable_encoding"), "PostgreSQL takes no NUL: refused at the door"
    ),
    Case("csv_lone_surrogate", "名单.csv", lone_surrogate, refused("unreadable_encoding")),
    Case("csv_gb18030_cut", "名单.csv", cut_in_a_character, refused("unreadable_encoding"), "ends inside a character"),
    Case(
        "csv_one_column",
        "名单.csv",
        lambda: csv_of([[CODE], [uscc(1)]]),
        takes(0, error(2, NAME, "name_required")),
    ),
    Case("csv_header_only", "名单.csv", lambda: csv_of([BASIC]), refused("no_rows")),
    Case("csv_empty", "名单.csv", lambda: b"", refused("no_header")),
    Case("csv_only_line_ends", "名单.csv", lambda: b"\xef\xbb\xbf\r\n\r\n\r\n", refused("no_header")),
    Case("csv_without_header", "名单.csv", lambda: csv_of(firms(3)), refused("no_header"), "data are no heading"),
    Case(
        "csv_prose",
        "说明.csv",
        lambda: "请各市于4月18日前报送名单。\r\n联系人：某某（虚构）\r\n".encode(),
        refused("no_header"),
    ),
    Case("csv_200_columns", "名单.csv", lambda: wide(200), Expect(created=2, unknown_columns=spare(200))),
    Case("csv_201_columns", "名单.csv", lambda: wide(201), refused("too_many_columns")),
    Case("csv_20000_rows", "名单.csv", lambda: long(20_000), takes(20_000), "the limit itself is allowed"),
    Case("csv_20001_rows", "名单.csv", lambda: long(20_001), refused("too_many_rows")),
    Case("csv_binary", "名单.csv", binary, refused("unreadable_encoding"), "chance bytes with no known signature"),
    Case(
        "csv_formulas",
        "名单.csv",
        formulas,
        takes(4, values=FORMULA),
        "kept as text; only exports disarm",
    ),
    Case(
        "csv_very_long_cell",
        "名单.csv",
        lambda: csv_of(table(firm(1), firm(2, name="长" * 200_000))),
        takes(1, error(3, NAME, "too_long")),
        "longer than the limit of Python's own reader",
    ),
    Case(
        "csv_everything_quoted",
        "名单.csv",
        lambda: "".join(",".join(f'"{value}"' for value in row) + "\n" for row in TWO).encode(),
        takes(2, values={(2, STAFF): "101"}),
    ),
)
