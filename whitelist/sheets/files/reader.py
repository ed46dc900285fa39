"""Turns the bytes of a workbook or text table into rows, in a process of its own that may die without harm.

Run as a file: bytes come on standard input, lines of JSON go to standard output while it reads. It imports nothing of
the product: whatever a hostile file does to the parser, it does it here, within limits of memory and time.
"""

import csv
import gc
import io
import math
import os
import re
import resource
import sys
import zlib
from functools import cache, partial

import orjson

MEMORY = 512 * 1024 * 1024
UNPACKED = 64 * 1024 * 1024
PARTS = 1000
CHUNK = 1024 * 1024
DELIMITERS = ",\t;|，；^~"
STORED, DEFLATED = 0, 8  # how the parts of a zip may be packed
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
FILEPASS = re.compile(rb"\x09\x08\x10\x00[\s\S]{16}(?:\x86\x00\x00\x00)?\x2f\x00")  # what a locked xls begins with
SIGNATURES = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"{\\rtf",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"MZ",
    b"\x7fELF",
)
WIDE = re.compile(rb'<c r="(?:[A-Z]{3}|[H-Z][A-Z]|G[S-Z])\d')
TALL = re.compile(rb'<row r="\d{6,7}"')
CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
MOST_COLUMNS, MOST_MERGED = 200, 100_000
SUSPECT = (b"\\u0000", b"null", b"true", b"false")  # what no database takes, what is no number, and what is no text
IN_A_LINE = 1000  # rows
RELATION, ID, TARGET = (
    re.compile(r"<Relationship\b[^>]*>"),
    re.compile(r'\bId="([^"]*)"'),
    re.compile(r'\bTarget="([^"]*)"'),
)
SHEET, NAME, LINK = re.compile(r"<sheet\b[^>]*>"), re.compile(r'\bname="([^"]*)"'), re.compile(r'\br:id="([^"]*)"')
ERROR_CELL = re.compile(r'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*\bt="e"[^>]*>(?:<f>[^<]*</f>)?<v>([^<]*)</v>')
MARKUP = re.compile(r"\s*<(!doctype|html|table|\?xml|head|body)", re.IGNORECASE)


class Refusal(Exception):
    """Why the bytes are not read: a stable code and what its sentence needs."""

    def __init__(self, code, **params):
        self.code, self.params = code, params
        super().__init__(code)

    @property
    def line(self):
        return line({"refused": self.code, "params": self.params})


def kind_of(content):
    """`xlsx`, `xls` or `text`, or a Refusal where the first look is enough to know better."""
    if not content.strip():
        raise Refusal("empty")
    if content[:2] == b"PK":
        return _kind_of_zip(content)
    if content[:8] == OLE:
        if "EncryptedPackage".encode("utf-16-le") in content or FILEPASS.search(content):
            raise Refusal("encrypted")
        if any(name.encode("utf-16-le") in content for name in ("WordDocument", "PowerPoint", "VisioDocument")):
            raise Refusal("not_a_spreadsheet")
        return "xls"
    if content.startswith(SIGNATURES):
        raise Refusal("not_a_spreadsheet")
    decode(content)
    return "text"


def _kind_of_zip(content):
    if b"PK\x05\x06" not in content[-66_000:]:
        raise Refusal("truncated")
    if b"xl/workbook.bin" in content or b"opendocument.spreadsheet" in content[:200]:
        raise Refusal("other_workbook")
    if b"xl/" not in content:
        raise Refusal("not_a_spreadsheet")
    return "xlsx"


def decode(content):
    """The text and the name of its encoding. Strict: a byte that fits neither is not guessed at."""
    for mark, encoding, name in (
        (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
        (b"\xff\xfe", "utf-16", "UTF-16"),
        (b"\xfe\xff", "utf-16", "UTF-16"),
        (b"", "utf-8", "UTF-8"),
        (b"", "gb18030", "GB18030"),
    ):
        if not content.startswith(mark):
            continue
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        text = text.removesuffix("\x1a")
        if CONTROL.search(text):
            break
        if MARKUP.match(text):
            raise Refusal("markup")
        return text, name
    raise Refusal("unreadable_encoding")


def check_unpacked(content):
    """Inflate every part and count: the sizes written in a zip are claims. Gives the parts that hold error cells."""
    import zipfile  # here and not above: the process that parses need not wait for it

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError) as fault:
        raise Refusal("truncated") from fault
    if len(parts) > PARTS:
        raise Refusal("too_many_parts", most=PARTS)
    total, erring, tall = 0, [], False
    for part in parts:
        if part.flag_bits & 0x1:
            raise Refusal("encrypted")
        for place, piece in enumerate(_pieces(content, part)):
            total += len(piece)
            if total > UNPACKED:
                raise Refusal("unpacks_too_large", most=UNPACKED // CHUNK)
            if place == 0 and DOCTYPE.search(piece[:4096].replace(b"\0", b"")):
                raise Refusal("dangerous_xml")
            if b't="e"' in piece and part.filename not in erring:
                erring.append(part.filename)
            tall = tall or bool(TALL.search(piece))
    if tall and any(WIDE.search(piece) for part in parts for piece in _pieces(content, part)):
        raise Refusal("too_many_columns", most=MOST_COLUMNS)
    return erring


def _pieces(content, part):
    """The content of a part, piece by piece."""
    head = content[part.header_offset : part.header_offset + 30]
    if head[:4] != b"PK\x03\x04" or len(head) < 30:
        raise Refusal("truncated")
    start = part.header_offset + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    packed = content[start : start + part.compress_size]
    if len(packed) < part.compress_size:
        raise Refusal("truncated")
    if part.compress_type == STORED:
        yield packed
        return
    if part.compress_type != DEFLATED:
        raise Refusal("not_a_spreadsheet")
    engine, rest = zlib.decompressobj(-15), packed
    try:
        while not engine.eof:
            piece = engine.decompress(rest, CHUNK)
            rest = engine.unconsumed_tail
            if not piece and not rest:
                raise Refusal("truncated")
            yield piece
    except zlib.error as fault:
        raise Refusal("truncated") from fault


def error_cells(content, erring):
    """{sheet name: {(row, column): "#N/A"}}, both counted from 0: the parser gives such cells as blank."""
    import html
    import zipfile

    found: dict = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        try:
            book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
            links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
        except KeyError:
            return found
        targets = {ID.search(link)[1]: TARGET.search(link)[1] for link in RELATION.findall(links) if ID.search(link)}
        for tag in SHEET.findall(book):
            name, link = NAME.search(tag), LINK.search(tag)
            path = targets.get(link[1] if link else "", "").lstrip("/").removeprefix("xl/")
            if name and f"xl/{path}" in erring:
                cells = ERROR_CELL.findall(archive.read(f"xl/{path}").decode("utf-8", "replace"))
                found[html.unescape(name[1])] = {(int(row) - 1, _column(letters)): text for letters, row, text in cells}
    return found


def _column(letters):
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1


def check_beside(content):
    """Have a copy of this process check a workbook while this one parses it. Gives a function that waits for the
    verdict: it returns the parts that hold error cells, or ends this process: the copy has said why nothing is read.
    """
    verdict, told = os.pipe()
    if copy := os.fork():
        os.close(told)
        return cache(partial(_passed, copy, verdict))
    os.close(verdict)
    try:
        os.write(told, orjson.dumps(check_unpacked(content)))
    except Refusal as refusal:
        os.write(sys.stdout.fileno(), refusal.line)
    finally:
        os._exit(0)


def _passed(copy, verdict):
    with open(verdict, "rb") as pipe:
        said = pipe.read()
    os.waitpid(copy, 0)
    return orjson.loads(said) if said else sys.exit()


def read_workbook(content, most_rows, erring):
    """The names of the sheets, then the batches of each. When the first sheet was parsed and before anything is said,
    `erring` is asked for the parts with error cells.
    """
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        metas = [meta for meta in book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]
        if not metas:
            raise Refusal("not_a_spreadsheet")
        errors, shown = None, calamine.SheetVisibleEnum.Visible
        for meta in metas:
            sheet = book.get_sheet_by_name(meta.name)
            if errors is None:
                errors = error_cells(content, erring()) if erring() else {}
                yield [{"name": meta.name, "visible": meta.visible == shown} for meta in metas]
            yield from batches(whole_rows(sheet, errors.get(meta.name, {})), most_rows)
            del sheet  # the next one may need its room
    except calamine.PasswordError as fault:
        raise Refusal("encrypted") from fault
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError, OSError, ValueError) as fault:
        raise Refusal("truncated") from fault


def whole_rows(sheet, errors):
    """Rows from the first of the sheet on, a merged value standing in each of its cells."""
    merged = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if (bottom - top + 1) * (right - left + 1) <= MOST_MERGED:
            merged |= {
                (row, column): (top, left) for row in range(top, bottom + 1) for column in range(left, right + 1)
            }
    indent = [""] * (sheet.start[1] if sheet.start else 0)
    if not (merged or errors or indent):
        yield from sheet.iter_rows()
        return
    values: dict = {}
    for number, cells in enumerate(sheet.iter_rows()):
        row = [*indent, *cells] if indent else cells
        if merged or errors:
            for column in range(len(row)):
                place = (number, column)
                if place in errors:
                    row[column] = errors[place]
                origin = merged.get(place)
                if origin == place:
                    values[place] = row[column]
                elif origin:
                    row[column] = values.get(origin, "")
        yield row


def read_text(content, most_rows):
    """The encoding and the delimiter, then the batches of the table."""
    text, encoding = decode(content)
    delimiter = find_delimiter(text)
    csv.field_size_limit(1_000_000)
    try:
        table = _table(text, delimiter, most_rows, strict=True)
    except csv.Error as fault:
        if "unexpected end" in str(fault) or "field larger" in str(fault):
            raise Refusal("open_quote") from fault
        try:
            table = _table(text, delimiter, most_rows, strict=False)
        except csv.Error as second:
            raise Refusal("open_quote") from second
    yield {"encoding": encoding, "delimiter": delimiter}
    yield from table


def _table(text, delimiter, most_rows, *, strict):
    return list(batches(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict), most_rows))


def find_delimiter(text):
    """The character that cuts the first lines into the most equal number of cells."""
    best = (0.0, 0, ",")
    for delimiter in DELIMITERS:
        if delimiter not in text[:100_000]:
            continue
        widths: dict = {}
        try:
            for place, row in enumerate(csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=delimiter)):
                widths[len(row)] = widths.get(len(row), 0) + (1 if row else 0)
                if place > 100:
                    break
        except csv.Error:
            continue
        wide = {width: times for width, times in widths.items() if width > 1}
        if wide:
            width = max(wide, key=lambda each: (wide[each], each))
            best = max(best, (wide[width] / max(sum(widths.values()), 1), width, delimiter), key=lambda each: each[:2])
    return best[2]


def batches(rows, most_rows):
    """Rows without trailing blanks, some at a time, then `{"cut", "width"}` of them all: `cut` if more rows hold
    something than may be read.
    """
    batch, full, cut, width = [], 0, False, 0
    for row in rows:
        while row and isinstance(row[-1], str) and not row[-1].strip():
            row.pop()
        if row and full == most_rows:
            cut = True
            break
        batch.append(row)
        if row:
            full, width = full + 1, max(width, len(row))
            if len(batch) >= IN_A_LINE:
                yield batch
                batch = []
    while batch and not batch[-1]:
        batch.pop()
    if batch:
        yield batch
    yield {"cut": cut, "width": width}


def read(content, most_rows):
    """Everything readable in the bytes: `{"about": {…}, "sheets": [{"name", "visible"}]}`, then the batches of each."""
    kind = kind_of(content)
    if kind == "text":
        said = read_text(content, most_rows)
        yield {"about": {"format": "csv", **next(said)}, "sheets": [{"name": "", "visible": True}]}
    else:
        erring = check_beside(content) if kind == "xlsx" else list
        said = read_workbook(content, most_rows, erring)
        try:
            yield {"about": {"format": kind}, "sheets": next(said)}
        except Refusal:
            erring()  # what the check finds goes first
            raise
    yield from said


def line(said):
    """A line of JSON. Only where that shows a need, cells are cleaned of what neither JSON nor a database takes, and of
    what would not come back as text or number.
    """
    text = orjson.dumps(said, default=str, option=orjson.OPT_PASSTHROUGH_DATETIME)
    if isinstance(said, list) and any(mark in text for mark in SUSPECT):
        text = orjson.dumps([[_clean(cell) for cell in row] for row in said])
    return text + b"\n"


def _clean(cell):
    if isinstance(cell, str):
        return cell.replace("\0", "")
    return cell if type(cell) in (int, float) and math.isfinite(cell) else str(cell)


def main():
    gc.disable()  # only cells are made here, and they hold nothing that could hold them
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out = sys.stdout.buffer
    try:
        for said in read(sys.stdin.buffer.read(), int(sys.argv[1])):
            out.write(line(said))
    except Refusal as refusal:
        out.write(refusal.line)


if __name__ == "__main__":
    main()
