"""Containers written byte by byte: zip archives that may lie, workbooks from raw XML, OLE files and old .xls."""

import io
import struct
import zipfile
import zlib
from xml.sax.saxutils import escape

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
MEGABYTE = 1024 * 1024


def letter(place):
    """The column's name: 0 is A, 26 is AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def cell(reference, value):
    """A cell with an inline string or a number; no reference where it is ''."""
    place = f' r="{reference}"' if reference else ""
    if isinstance(value, str):
        return f'<c{place} t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f"<c{place}><v>{value}</v></c>"


def rows_xml(rows, top=1, references=True):
    out = []
    for number, values in enumerate(rows, start=top):
        cells = [
            cell(f"{letter(place)}{number}" if references else "", v) for place, v in enumerate(values) if v is not None
        ]
        out.append(f'<row r="{number}">{"".join(cells)}</row>' if references else f"<row>{''.join(cells)}</row>")
    return "".join(out)


def sheet_xml(data, dimension="", after=""):
    """A worksheet around its rows; the dimension is said only if given, true or not."""
    said = f'<dimension ref="{dimension}"/>' if dimension else ""
    return f'{DECLARATION}<worksheet xmlns="{MAIN}">{said}<sheetData>{data}</sheetData>{after}</worksheet>'


def members(sheet, shared=None, extra=None):
    """The parts of a minimal workbook with one sheet, by name."""
    strings = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{TYPE}.sharedStrings+xml"/>' if shared else ""
    link = f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>' if shared else ""
    parts = {
        "[Content_Types].xml": f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}.worksheet+xml"/>{strings}</Types>',
        "_rels/.rels": f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        '<sheets><sheet name="企业名单" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>{link}</Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    if shared:
        parts["xl/sharedStrings.xml"] = shared
    return parts | (extra or {})


def zipped(parts):
    """An honest archive with fixed dates."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content.encode() if isinstance(content, str) else content)
    return out.getvalue()


def raw_book(sheet, shared=None, extra=None):
    return zipped(members(sheet, shared, extra))


def _raw_deflate(data, last):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush(zlib.Z_FINISH if last else zlib.Z_FULL_FLUSH)


def inflated(before, megabytes, after):
    """(packed, size, checksum) of `before`, so many megabytes of spaces, `after`; one megabyte in memory at a time."""
    spaces = b" " * MEGABYTE
    packed = _raw_deflate(before, False) + _raw_deflate(spaces, False) * megabytes + _raw_deflate(after, True)
    checksum = zlib.crc32(before)
    for _ in range(megabytes):
        checksum = zlib.crc32(spaces, checksum)
    return packed, len(before) + megabytes * MEGABYTE + len(after), zlib.crc32(after, checksum)


def archive_of(parts, flags=0):
    """An archive of {name: bytes or (packed, size, checksum)}; the headers say size and flags as given, true or not."""
    body, directory = b"", b""
    for name, content in parts.items():
        if isinstance(content, str | bytes):
            data = content.encode() if isinstance(content, str) else content
            content = (_raw_deflate(data, True), len(data), zlib.crc32(data))
        packed, size, checksum = content
        title = name.encode()
        common = struct.pack("<HHHHHIIIHH", 20, flags | 0x800, 8, 0, 33, checksum, len(packed), size, len(title), 0)
        directory += b"PK\x01\x02\x14\x00" + common + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + title
        body += b"PK\x03\x04" + common + title + packed
    count = len(parts)
    return body + directory + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(directory), len(body), 0)


def ole(streams):
    """A compound file of version 3 with the given streams; each is padded past the limit of the small ones."""
    free, end, is_fat = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    names = sorted(streams, key=lambda name: (len(name), name.upper()))
    sectors, fat, starts, sizes = [], [is_fat], {}, {}

    def chain(data):
        first = len(fat)
        data += bytes(-len(data) % 512)
        blocks = [data[n : n + 512] for n in range(0, len(data), 512)]
        fat.extend([*range(first + 1, first + len(blocks)), end])
        sectors.extend(blocks)
        return first

    for name in names:
        data = streams[name].ljust(4096, b"\0")
        sizes[name], starts[name] = len(data), chain(data)

    def entry(name, kind, right, child, start, size):
        title = (name + "\0").encode("utf-16-le") if name else b""
        head = title.ljust(64, b"\0") + struct.pack("<HBBIII", len(title), kind, 1, free, right, child)
        return head + bytes(36) + struct.pack("<IQ", start, size)

    entries = [entry("Root Entry", 5, free, 1, end, 0)]
    for number, name in enumerate(names, start=1):
        right = number + 1 if number < len(names) else free
        entries.append(entry(name, 2, right, free, starts[name], sizes[name]))
    while len(entries) % 4:
        entries.append(entry("", 0, free, free, 0, 0))
    directory = chain(b"".join(entries))
    assert len(fat) <= 128, "one sector of the allocation table is enough for a test file"
    table = struct.pack("<128I", *fat, *[free] * (128 - len(fat)))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, directory, 0, 4096, end, 0, end, 0)
    return head + struct.pack("<109I", 0, *[free] * 108) + table + b"".join(sectors)


def _record(kind, data=b""):
    return struct.pack("<HH", kind, len(data)) + data


def xls(rows, name="Sheet1", locked=False):
    """A workbook of Excel 97 with one sheet of texts and numbers."""

    def bof(kind):
        return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))

    cells = b""
    for number, values in enumerate(rows):
        for place, value in enumerate(values):
            where = struct.pack("<HHH", number, place, 0)
            if isinstance(value, str):
                text = value.encode("utf-16-le")
                cells += _record(0x0204, where + struct.pack("<HB", len(text) // 2, 1) + text)
            elif value is not None:
                cells += _record(0x0203, where + struct.pack("<d", value))
    size = struct.pack("<IIHHH", 0, len(rows), 0, max(len(values) for values in rows), 0)
    sheet = bof(0x0010) + _record(0x0200, size) + cells + _record(0x000A)
    lock = _record(0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48)) if locked else b""
    title = name.encode("utf-16-le")
    head = bof(0x0005) + lock + _record(0x0042, struct.pack("<H", 1200))
    length = len(head) + 4 + 8 + len(title) + 4
    bound = _record(0x0085, struct.pack("<IBBBB", length, 0, 0, len(name), 1) + title)
    return ole({"Workbook": head + bound + _record(0x000A) + sheet})
