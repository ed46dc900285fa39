"""Turns the bytes of a workbook or text table into rows, in a process of its own that may die without harm.

Run as a file: bytes come on standard input, JSON goes to standard output. It imports nothing of the
product: whatever a hostile file does to the parser, it does it here, within limits of memory and time.
"""

import csv
import gc
import html
import io
import json
import math
import re
import resource
import sys
import zipfile
import zlib

MEMORY = 512 * 1024 * 1024
UNPACKED = 64 * 1024 * 1024
PARTS = 1000
CHUNK = 1024 * 1024
DELIMITERS = ",\t;|，；^~"
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
NUL = "\\u0000"  # as JSON writes it
IN_A_LINE = 1000  # rows
PLAIN = {str, float, int}
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
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError) as fault:
        raise Refusal("truncated") from fault
    if len(parts) > PARTS:
        raise Refusal("too_many_parts", most=PARTS)
    total, erring, wide, tall = 0, [], False, False
    for part in parts:
        if part.flag_bits & 0x1:
            raise Refusal("encrypted")
        head = content[part.header_offset : part.header_offset + 30]
        if head[:4] != b"PK\x03\x04" or len(head) < 30:
            raise Refusal("truncated")
        start = part.header_offset + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
        packed = content[start : start + part.compress_size]
        if len(packed) < part.compress_size:
            raise Refusal("truncated")
        for place, piece in enumerate(_pieces(part.compress_type, packed)):
            total += len(piece)
            if total > UNPACKED:
                raise Refusal("unpacks_too_large", most=UNPACKED // CHUNK)
            if place == 0 and DOCTYPE.search(piece[:4096].replace(b"\0", b"")):
                raise Refusal("dangerous_xml")
            if b't="e"' in piece and part.filename not in erring:
                erring.append(part.filename)
            wide, tall = wide or bool(WIDE.search(piece)), tall or bool(TALL.search(piece))
    if wide and tall:
        raise Refusal("too_many_columns", most=MOST_COLUMNS)
    return erring


def _pieces(method, packed):
    """The content of a part, piece by piece."""
    if method == zipfile.ZIP_STORED:
        yield packed
        return
    if method != zipfile.ZIP_DEFLATED:
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


def read_workbook(content, most_rows, errors):
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = []
        for meta in book.sheets_metadata:
            if meta.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(meta.name)
            visible = meta.visible == calamine.SheetVisibleEnum.Visible
            table = trimmed(whole_rows(sheet, errors.get(meta.name, {})), most_rows)
            sheets.append({"name": meta.name, "visible": visible, **table})
    except calamine.PasswordError as fault:
        raise Refusal("encrypted") from fault
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError, OSError, ValueError) as fault:
        raise Refusal("truncated") from fault
    if not sheets:
        raise Refusal("not_a_spreadsheet")
    return sheets


def whole_rows(sheet, errors):
    """Rows from the first of the sheet on, a merged value standing in each of its cells."""
    merged = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if (bottom - top + 1) * (right - left + 1) <= MOST_MERGED:
            merged |= {
                (row, column): (top, left) for row in range(top, bottom + 1) for column in range(left, right + 1)
            }
    indent = [""] * (sheet.start[1] if sheet.start else 0)
    values: dict = {}
    for number, cells in enumerate(sheet.iter_rows()):
        row = [*indent, *cells]
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
    about = {"encoding": encoding, "delimiter": delimiter}
    return [{"name": "", "visible": True, **table}], about


def _table(text, delimiter, most_rows, *, strict):
    return trimmed(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict), most_rows)


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


def trimmed(rows, most_rows):
    """Rows without trailing blanks, as JSON can carry them; `cut` if more rows hold something than may be read."""
    plain, full, cut = [], 0, False
    for row in rows:
        cells = [cell if type(cell) in PLAIN else str(cell) for cell in row]
        while cells and isinstance(cells[-1], str) and not cells[-1].strip():
            cells.pop()
        if cells and full == most_rows:
            cut = True
            break
        full += bool(cells)
        plain.append(cells)
    while plain and not plain[-1]:
        plain.pop()
    return {"rows": plain, "cut": cut, "width": max(map(len, plain), default=0)}


def read(content, most_rows):
    """Everything readable in the bytes: `{"about": {…}, "sheets": [{"name", "visible", "rows", "cut", "width"}]}`."""
    kind = kind_of(content)
    if kind == "text":
        sheets, about = read_text(content, most_rows)
        return {"about": {"format": "csv", **about}, "sheets": sheets}
    errors: dict = {}
    if kind == "xlsx":
        erring = check_unpacked(content)
        errors = error_cells(content, erring) if erring else {}
    return {"about": {"format": kind}, "sheets": read_workbook(content, most_rows, errors)}


def lines(answer):
    """The answer as lines of JSON: all but the rows, with their number instead, then the rows of each sheet, some in a
    line. Only where that shows a need, cells are cleaned of what neither JSON nor a database takes.
    """
    tables = [sheet["rows"] for sheet in answer.get("sheets", ())]
    for sheet in answer.get("sheets", ()):
        sheet["rows"] = len(sheet["rows"])
    yield json.dumps(answer).encode() + b"\n"
    for table in tables:
        for start in range(0, len(table), IN_A_LINE):
            rows = table[start : start + IN_A_LINE]
            try:
                text = json.dumps(rows, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            except ValueError:
                text = NUL
            if NUL in text:
                clean = [[_clean(cell) for cell in row] for row in rows]
                text = json.dumps(clean, ensure_ascii=False, separators=(",", ":"))
            yield text.encode() + b"\n"


def _clean(cell):
    if isinstance(cell, str):
        return cell.replace("\0", "")
    return cell if math.isfinite(cell) else str(cell)


def main():
    gc.disable()  # only cells are made here, and they hold nothing that could hold them
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = read(sys.stdin.buffer.read(), int(sys.argv[1]))
    except Refusal as refusal:
        answer = {"refused": refusal.code, "params": refusal.params}
    sys.stdout.buffer.writelines(lines(answer))


if __name__ == "__main__":
    main()
