"""Which heading is which column: by its words, by what people said of this file, and by what their office said."""

from django.db import transaction
from django.utils.translation import gettext as _

from whitelist.audit.services import advance, record
from whitelist.core.errors import DomainError, Fault, NotAllowed, WrongState
from whitelist.delivery.services import later
from whitelist.sheets import kinds, policies
from whitelist.sheets.files import headers, template_versions
from whitelist.sheets.files.cells import as_text
from whitelist.sheets.flows import IMPORT_FLOW
from whitelist.sheets.models import ImportState, SheetImport, SheetMapping

TOP_ROWS, TOP_CELLS, TOP_LENGTH = 15, 8, 24
FOUND = ("header_row", "mapping", "unknown_columns", "reading", "sheet")
CURABLE = {"no_header", "no_rows", "too_many_bad_codes"}  # refusals that another reading of the headings may cure


class NoHeader(DomainError):
    """No row heads such a table. `found` is what there is instead, so that people can say which column is which."""

    code = "no_header"

    def __init__(self, message, found):
        self.found = found
        super().__init__(message)


def is_open(sheet_import):
    """Whether headings can still be said to be other columns."""
    refused = sheet_import.state == ImportState.REFUSED
    return not refused or (sheet_import.refusal_code in CURABLE and bool(sheet_import.reading.get("top")))


def remembered(sheet_import):
    """What the office said about headings of this kind, as {heading: column key or ""}."""
    told = SheetMapping.objects.filter(office=sheet_import.office_id, kind=sheet_import.kind).first()
    return told.headings if told else {}


def tables(kind, book, sheet_import):
    """The sheets that hold this kind of table, with their headers; a refusal naming what is missing if none does."""
    choice = sheet_import.choice
    said = [choice.get("columns", {}), remembered(sheet_import)]
    at = choice.get("header_row")
    found, near = [], None
    required = {column.key for column in kind.columns if column.required}
    for sheet in book.sheets:
        if sheet_import.sheet and sheet.name != sheet_import.sheet and len(book.sheets) > 1:
            continue
        header = headers.find(kind.columns, sheet.rows, said=said, at=at)
        if header and required <= header.places.keys() and header.is_enough:
            found.append((sheet, header))
        elif header and (near is None or len(header.places) > len(near[1].places)):
            near = (sheet, header)
    if found:
        return found
    raise _no_header(kind, book, near, required, at)


def _no_header(kind, book, near, required, at):
    if near is None:
        sheet = max(book.sheets, key=lambda each: len(each.rows), default=None)
        header = _likely(sheet) if sheet and at is None else None
        names = ", ".join(str(column.label) for column in kind.columns[:6])
        told = _("No header was found. A row with headings such as these is needed: %(names)s.") % {"names": names}
        return NoHeader(told, found(kind, book, sheet, header) if header else {})
    sheet, header = near
    missing = [column for column in kind.columns if column.key in required - header.places.keys()]
    shown = {
        "row": header.row,
        "missing": ", ".join(str(column.label) for column in missing),
        "known": ", ".join(dict.fromkeys(name for column in missing for name in column.synonyms[:4])),
        "found": ", ".join(title for title in header.titles if title)[:300],
    }
    detail = _(
        "The header in row %(row)s has no column for: %(missing)s (also called %(known)s). Its columns are: %(found)s."
    )
    if not missing:
        detail = _("Row %(row)s names a single column that is known here. Its columns are: %(found)s.")
    return NoHeader(detail % shown, found(kind, book, sheet, header))


def _likely(sheet):
    """The first row with about as many cells as others, where none names a known column: a guess to be corrected."""
    full = [sum(bool(as_text(cell)) for cell in row) for row in sheet.rows[:TOP_ROWS]]
    if not full or not max(full):
        return None
    enough = max(2, max(full) / 2) if max(full) > 1 else 1
    number = next(number for number, cells in enumerate(full, start=1) if cells >= enough)
    return headers.read({}, sheet.rows[number - 1], number, ())


def found(kind, book, sheet, header):
    """What the import keeps of a reading: header, columns taken and not taken, and the first rows as they stand."""
    top = []
    for number, row in enumerate(sheet.rows[:TOP_ROWS], start=1):
        cells = [as_text(cell)[:TOP_LENGTH] for cell in row[:TOP_CELLS]]
        if any(cells):
            top.append([number, cells])
    names = [each.name for each in book.sheets if each.rows]
    return {
        "reading": {**book.about, "top": top, "sheets": names, "template": template_versions.found(kind, book)},
        "sheet": sheet.name,
        "header_row": header.row,
        "mapping": _taken(sheet, header),
        "unknown_columns": _not_taken(kind, sheet, header),
    }


def _taken(sheet, header):
    return {
        key: {
            "place": place,
            "header": header.titles[place],
            "name": header.names[place],
            "samples": headers.samples(sheet.rows, header, place),
        }
        for key, place in sorted(header.places.items(), key=lambda each: each[1])
    }


def _not_taken(kind, sheet, header):
    """The columns that nothing is taken from, with what they hold, and with the reason where another was taken."""
    places = sorted({*header.unknown, *headers.unnamed(sheet.rows, header)} - set(header.places.values()))
    synonyms = headers.known(kind.columns)
    listed = []
    for place in places:
        title = header.titles[place] if place < len(header.titles) else ""
        if headers.is_own(title):
            continue
        key = next((synonyms[form] for form in headers.forms(title) if form in synonyms), "") if title else ""
        repeats = header.title(key) if key in header.places and place not in header.left_out else ""
        listed.append(
            {
                "place": place,
                "header": title,
                "name": header.names[place] if place < len(header.names) else f"#{place + 1}",
                "samples": headers.samples(sheet.rows, header, place),
                "repeats": repeats,
                "left_out": place in header.left_out,
            }
        )
    return listed


def questions(sheet, header):
    """Columns that several headings claim while their cells differ: only people can say which is meant."""
    asked = []
    for key, places in header.rivals.items():
        first, *others = places
        for row in sheet.rows[header.row :]:
            texts = [as_text(row[place]) if place < len(row) else "" for place in (first, *others)]
            if any(text and text != texts[0] for text in texts[1:]):
                asked.append({"key": key, "places": places})
                break
    return asked


def keep(sheet_import, told):
    """Store what a reading found although it led to no preview."""
    if told:
        SheetImport.objects.filter(pk=sheet_import.pk).update(**told)


def headings_of(sheet_import):
    """Every heading of the file in its order, as {"place", "header", "name", "samples", "key"}; key "" is left out."""
    taken = [{**each, "key": key} for key, each in sheet_import.mapping.items()]
    others = [{**each, "key": ""} for each in sheet_import.unknown_columns]
    return sorted(taken + others, key=lambda each: each["place"])


def about(sheet_import):
    """What the page of headings tells beside them."""
    return {
        "questions": asked(sheet_import),
        "top": sheet_import.reading.get("top", []),
        "sheets": sheet_import.reading.get("sheets", []),
        "remembered": remembered(sheet_import),
    }


def asked(sheet_import):
    """The open questions in words: {"key", "label", "headers"}."""
    by_key = kinds.get(sheet_import.kind).by_key
    titles = {each["place"]: each["header"] for each in headings_of(sheet_import)}
    return [
        {
            "key": each["key"],
            "label": str(by_key[each["key"]].label),
            "headers": [titles.get(place, "") for place in each["places"]],
        }
        for each in sheet_import.questions
        if each["key"] in by_key
    ]


@transaction.atomic
def map_columns(sheet_import, *, by, columns=None, header_row=None, sheet=None):
    """Say which heading is which column ("" leaves it out), and which row heads the table; the file is read again.

    Headings that are not named stay what they are. What is said is remembered for the office.
    """
    sheet_import = SheetImport.objects.select_for_update(of=("self",)).order_by("pk").get(pk=sheet_import.pk)
    IMPORT_FLOW.check(sheet_import, "map", by=by)
    if not is_open(sheet_import):
        raise WrongState(_("Other headings do not cure this: %(why)s"), why=sheet_import.refusal)
    kind = kinds.get(sheet_import.kind)
    changes, is_other_table = {"refusal": "", "refusal_code": ""}, False
    choice = dict(sheet_import.choice)
    if sheet is not None and sheet != sheet_import.sheet:
        _check_sheet(sheet_import, sheet)
        changes["sheet"], choice, is_other_table = sheet, {}, True
    if header_row is not None and header_row != sheet_import.header_row:
        _check_row(header_row)
        choice, is_other_table = {"header_row": header_row}, True
    told = ""
    if columns:
        said = _checked(kind, sheet_import, columns, is_same_table=not is_other_table)
        choice["columns"] = {**choice.get("columns", {}), **said}
        _remember(sheet_import, kind, said)
        told = _in_words(kind, said)
    SheetImport.objects.filter(pk=sheet_import.pk).update(choice=choice, questions=[])
    if is_other_table:
        SheetImport.objects.filter(pk=sheet_import.pk).update(corrections={})
    sheet_import = advance(sheet_import, IMPORT_FLOW, "map", by=by, note=told, **changes)
    sheet_import.report_progress(0)
    later("sheets.parse", sheet_import=sheet_import.pk)
    return sheet_import


def _check_sheet(sheet_import, sheet):
    names = sheet_import.reading.get("sheets", [])
    if sheet not in names:
        detail = _("This workbook has no such sheet to choose. There are: %(names)s.") % {"names": ", ".join(names)}
        raise DomainError(detail, errors=[Fault("sheet", "unknown_sheet", detail)])


def _check_row(header_row):
    if not 1 <= header_row <= headers.SEARCHED:
        detail = _("The header stands in one of the first %(most)s rows.") % {"most": headers.SEARCHED}
        raise DomainError(detail, errors=[Fault("header_row", "bad_row", detail)])


def _checked(kind, sheet_import, columns, *, is_same_table):
    """What was said, by heading as compared; each heading must be there, each column be claimed once and be known."""
    present = {each["name"]: each["key"] for each in headings_of(sheet_import)}
    titles = {each["header"]: each["name"] for each in reversed(headings_of(sheet_import)) if each["header"]}
    said, faults = {}, []
    for heading, key in columns.items():
        name = heading if heading in present else titles.get(heading, headers.forms(heading)[0])
        if key and key not in kind.by_key:
            detail = _("There is no column “%(key)s”. Known are: %(known)s.")
            known = ", ".join(column.key for column in kind.columns)
            faults.append(Fault(f"columns/{heading}", "unknown_column", detail % {"key": key, "known": known}))
        elif is_same_table and name not in present:
            detail = _("This file has no heading “%(heading)s”.") % {"heading": heading}
            faults.append(Fault(f"columns/{heading}", "unknown_heading", detail))
        said[name] = key
    claims: dict = {}
    for name, key in {**(present if is_same_table else {}), **said}.items():
        if key and (name in said or key not in said.values()):
            claims.setdefault(key, []).append(name)
    for key, names in claims.items():
        if len(names) > 1 and key in kind.by_key:
            detail = _("“%(column)s” can be taken from one heading only; here it is %(headings)s.")
            shown = {"column": kind.by_key[key].label, "headings": ", ".join(names)}
            faults.append(Fault(f"columns/{names[-1]}", "claimed_twice", detail % shown))
    missing = [column for column in kind.columns if column.required and column.key not in claims]
    if is_same_table and missing:
        detail = _("No heading is taken as %(missing)s. Without it no row can be told from another: say which it is.")
        told = detail % {"missing": ", ".join(str(column.label) for column in missing)}
        faults.append(Fault("columns", "column_required", told))
    if faults:
        raise DomainError(_("The headings cannot be read like this."), errors=faults)
    return said


def _remember(sheet_import, kind, said):
    """Keep what headings alone do not tell. A column without a heading is not remembered: the next file has others."""
    if sheet_import.office_id is None:
        return
    synonyms = headers.known(kind.columns)
    kept, _made = SheetMapping.objects.select_for_update().get_or_create(
        office_id=sheet_import.office_id, kind=sheet_import.kind
    )
    for name, key in said.items():
        is_plain = next((synonyms[form] for form in headers.forms(name) if form in synonyms), "") == key
        if (key and is_plain) or "#" in name:
            kept.headings.pop(name, None)
        else:
            kept.headings[name] = key
    kept.save()


def _in_words(kind, said):
    """“Enterprise ← 厂商, left out: 备注”, for the trail."""
    taken = [f"{kind.by_key[key].label} ← {name}" for name, key in said.items() if key]
    left = ", ".join(name for name, key in said.items() if not key)
    if left:
        taken.append(_("left out: %(headings)s") % {"headings": left})
    return "; ".join(taken)


@transaction.atomic
def forget(sheet_import, *, by):
    """Forget what the office said about headings of this kind; this file keeps what was said about itself."""
    if not policies.may_finish_import(by, sheet_import):
        raise NotAllowed
    kept = SheetMapping.objects.select_for_update(of=("self",)).filter(
        office=sheet_import.office_id, kind=sheet_import.kind
    )
    for each in kept.order_by("pk"):
        record(sheet_import, "headings forgotten", by=by, before={"headings": len(each.headings)})
        each.delete()
    return sheet_import
