"""The two workbooks that go out: an empty one to fill in, and the uploaded one with what was found in it."""

import io

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext as _

from whitelist.core.errors import WrongState
from whitelist.core.export import XLSX
from whitelist.sheets import kinds
from whitelist.sheets.files import headers, reading, template_versions
from whitelist.sheets.files.cells import Choices
from whitelist.sheets.models import Outcome, SheetFile, SheetRow
from whitelist.sheets.previews import correcting

MOST_COMMENT = 1000
FORMS = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}


def attached(content, name):
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def template(kind):
    """An empty table with the headings of a kind, notes on each, and drop-downs where words are fixed."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, FORMS)
    head, needed = (book.add_format({"bold": True, "bg_color": color, "border": 1}) for color in ("#e6f0fa", "#fdf1d3"))
    text, wrap = book.add_format({"num_format": "@"}), book.add_format({"text_wrap": True, "valign": "top"})
    table, notes, words = (book.add_worksheet(title) for title in (_("Table"), _("Notes"), _("Words")))
    table.freeze_panes(1, 0)
    for place, title in enumerate((_("Column"), _("What to write"), _("Also understood as"))):
        notes.write_string(0, place, title, head)
    notes.write_string(0, 4, _("Version of this template"), head)
    notes.write_string(1, 4, template_versions.of(kind), wrap)
    notes.set_column(0, 0, 30, wrap)
    notes.set_column(1, 2, 70, wrap)
    notes.set_column(4, 4, 30, wrap)
    for place, column in enumerate(column for column in kind.columns if not column.is_exported):
        table.write_string(0, place, str(column.label), needed if column.required else head)
        table.set_column(place, place, 22, text)
        known = [str(label) for label in column.sort.words.choices.labels] if hasattr(column.sort, "words") else []
        note = str(column.note) or (_("One of the words in the list.") if known else "")
        if note:
            table.write_comment(0, place, note)
        notes.write_string(place + 1, 0, str(column.label), wrap)
        notes.write_string(place + 1, 1, " ".join(filter(None, [note, " · ".join(known)])), wrap)
        notes.write_string(place + 1, 2, " · ".join(column.synonyms), wrap)
        if known:
            words.write_column(0, place, known)
            letter = xlsxwriter.utility.xl_col_to_name(place)
            source = f"='{words.get_name()}'!${letter}$1:${letter}${len(known)}"
            strict = "information" if isinstance(column.sort, Choices) else "stop"
            table.data_validation(1, place, 20_000, place, {"validate": "list", "source": source, "error_type": strict})
    words.hide()
    book.close()
    return buffer.getvalue()


def returned(sheet_import):
    """The sheet as it was uploaded, with a status column first, and each faulty cell coloured with a comment."""
    if not sheet_import.header_row or not SheetFile.objects.filter(sheet_import=sheet_import).exists():
        raise WrongState(_("There is no table of this import to return."))
    pieces = SheetFile.objects.pieces(sheet_import)
    book = reading.read(pieces, most_rows=sheet_import.header_row + sheet_import.rows * 2)
    sheet = next(each for each in book.sheets if each.name == sheet_import.sheet)
    marks = {line.number: line for line in SheetRow.objects.of(sheet_import).only("number", "outcome", "faults")}
    places = _corrected(sheet_import, sheet.rows)
    own = next(
        (place for place, title in enumerate(sheet.rows[sheet_import.header_row - 1]) if headers.is_own(title)), None
    )
    buffer = io.BytesIO()
    out = xlsxwriter.Workbook(buffer, FORMS)
    paint = {
        "error": out.add_format({"bg_color": "#fbe9e7", "num_format": "@"}),
        "warning": out.add_format({"bg_color": "#fdf1d3", "num_format": "@"}),
        "": out.add_format({"num_format": "@"}),
        "head": out.add_format({"bold": True}),
    }
    page = out.add_worksheet(sheet.name or _("Table"))
    page.set_column(0, 0, 34)
    page.set_column(1, max(sheet.width, 1), 20)
    page.freeze_panes(sheet_import.header_row, 1)
    for number, cells in enumerate(sheet.rows, start=1):
        line = marks.get(number)
        if number == sheet_import.header_row:
            page.write_string(number - 1, 0, str(headers.STATUS), paint["head"])
        elif line:
            page.write_string(number - 1, 0, _status(line))
        _write_row(page, number, [cell for place, cell in enumerate(cells) if place != own], paint)
        for fault in line.faults if line else ():
            _mark(page, number, places.get(fault["key"]), own, cells, fault, paint)
    out.close()
    return buffer.getvalue()


def _corrected(sheet_import, rows):
    """Put what was corrected in the preview into the rows, and give the place of each column."""
    heads = rows[sheet_import.header_row - 1]
    places = {key: each["place"] for key, each in sheet_import.mapping.items()}
    header = headers.Header(sheet_import.header_row, places, [str(cell) for cell in heads], [])
    header = correcting.overlay(kinds.get(sheet_import.kind), rows, header, sheet_import.corrections)
    heads += header.titles[len(heads) :]
    return header.places


def _status(line):
    told = "; ".join(fault["detail"] for fault in line.faults)
    return f"{Outcome(line.outcome).label}{': ' if told else ''}{told}"


def _write_row(page, number, cells, paint):
    for place, cell in enumerate(cells, start=1):
        if isinstance(cell, (int, float)):
            page.write_number(number - 1, place, cell)
        elif cell:
            page.write_string(number - 1, place, cell, paint[""])


def _mark(page, number, place, own, cells, fault, paint):
    if place is None:
        return
    shown = place + 1 - (own is not None and place > own)
    cell = cells[place] if place < len(cells) else ""
    colour = paint[fault["severity"]]
    if isinstance(cell, (int, float)):
        page.write_number(number - 1, shown, cell, colour)
    elif cell:
        page.write_string(number - 1, shown, cell, colour)
    else:
        page.write_blank(number - 1, shown, None, colour)
    page.write_comment(number - 1, shown, fault["detail"][:MOST_COMMENT], {"x_scale": 2})
