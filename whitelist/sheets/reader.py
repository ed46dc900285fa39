"""Turns the bytes of a workbook or text table into rows, in a process of its own that may die without harm.

Run as a file: bytes come on standard input, one line of JSON goes to standard output. It imports nothing of the
product: whatever a hostile file does to the parser, it does it here, within limits of memory and time.
"""

import csv
import io
import itertools
import json
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
CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
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
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Refusal("encrypted")
        if not any(name.encode("utf-16-le") in content for name in ("Workbook", "Book\0")):
            raise Refusal("not_a_spreadsheet")
        return "xls"
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
        if CONTROL.search(text[:-1]) or CONTROL.search(text[-1:].replace("\x1a", "")):
            raise Refusal("not_a_spreadsheet")
        if MARKUP.match(text):
            raise Refusal("markup")
        return text.removesuffix("\x1a"), name
    raise Refusal("encoding" if b"\x00" not in content[:4000] else "not_a_spreadsheet")


def check_unpacked(content):
    """Inflate every part and count: the sizes written in a zip are claims."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError) as fault:
        raise Refusal("truncated") from fault
    if len(parts) > PARTS:
        raise Refusal("too_many_parts", most=PARTS)
    total = 0
    for part in parts:
        if part.flag_bits & 0x1:
            raise Refusal("encrypted")
        head = content[part.header_offset : part.header_offset + 30]
        if head[:4] != b"PK\x03\x04" or len(head) < 30:
            raise Refusal("truncated")
        start = part.header_offset + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
        packed = memoryview(content)[start : start + part.compress_size]
        if len(packed) < part.compress_size:
            raise Refusal("truncated")
        if part.compress_type == zipfile.ZIP_STORED:
            total += len(packed)
        elif part.compress_type == zipfile.ZIP_DEFLATED:
            total += _inflated(packed, UNPACKED - total)
        else:
            raise Refusal("not_a_spreadsheet")
        if total > UNPACKED:
            raise Refusal("unpacked_too_large", most=UNPACKED // CHUNK)


def _inflated(packed, left):
    """How many bytes a deflated part holds; stops counting beyond `left`."""
    engine, size, rest = zlib.decompressobj(-15), 0, bytes(packed)
    try:
        while not engine.eof and size <= left:
            piece = engine.decompress(rest, CHUNK)
            size, rest = size + len(piece), engine.unconsumed_tail
            if not piece and not rest:
                break
    except zlib.error as fault:
        raise Refusal("truncated") from fault
    if not engine.eof and size <= left:
        raise Refusal("truncated")
    return size


def read_workbook(content, most_rows):
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = []
        for meta in book.sheets_metadata:
            if meta.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(meta.name)
            rows = sheet.to_python(skip_empty_area=False, nrows=most_rows + 1)
            visible = meta.visible == calamine.SheetVisibleEnum.Visible
            sheets.append({"name": meta.name, "visible": visible, **trimmed(rows, most_rows)})
    except calamine.PasswordError as fault:
        raise Refusal("encrypted") from fault
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError, OSError, ValueError) as fault:
        raise Refusal("damaged") from fault
    return sheets


def read_text(content, most_rows):
    text, encoding = decode(content)
    delimiter = find_delimiter(text)
    csv.field_size_limit(1_000_000)
    try:
        rows = _records(text, delimiter, most_rows, strict=True)
    except csv.Error as fault:
        if "unexpected end" in str(fault) or "field larger" in str(fault):
            raise Refusal("open_quote") from fault
        try:
            rows = _records(text, delimiter, most_rows, strict=False)
        except csv.Error as second:
            raise Refusal("open_quote") from second
    about = {"encoding": encoding, "delimiter": delimiter}
    return [{"name": "", "visible": True, **trimmed(rows, most_rows)}], about


def _records(text, delimiter, most_rows, *, strict):
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    return list(itertools.islice(lines, most_rows + 1))


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
    """Rows without trailing blanks and as JSON can carry them; `cut` if there were more than may be read."""
    plain = []
    for row in rows:
        cells = [cell if type(cell) in (float, int) else str(cell).replace("\0", "") for cell in row]
        while cells and isinstance(cells[-1], str) and not cells[-1].strip():
            cells.pop()
        plain.append(cells)
    while plain and not plain[-1]:
        plain.pop()
    return {"rows": plain[:most_rows], "cut": len(plain) > most_rows, "width": max(map(len, plain), default=0)}


def read(content, most_rows):
    """Everything readable in the bytes: `{"about": {…}, "sheets": [{"name", "visible", "rows", "cut", "width"}]}`."""
    kind = kind_of(content)
    if kind == "text":
        sheets, about = read_text(content, most_rows)
        return {"about": {"format": "csv", **about}, "sheets": sheets}
    if kind == "xlsx":
        check_unpacked(content)
    return {"about": {"format": kind}, "sheets": read_workbook(content, most_rows)}


def main():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = read(sys.stdin.buffer.read(), int(sys.argv[1]))
    except Refusal as refusal:
        answer = {"refused": refusal.code, "params": refusal.params}
    json.dump(answer, sys.stdout, ensure_ascii=True, separators=(",", ":"))


if __name__ == "__main__":
    main()
