"""Cells corrected in the preview: laid over the file on every reading, and their rows judged anew at once."""

from collections import Counter
from dataclasses import replace

from django.db import transaction
from django.db.models import Q
from django.db.models.fields.json import KT
from django.utils import translation
from django.utils.translation import gettext as _

from whitelist.audit.services import record
from whitelist.core.errors import DomainError, Fault
from whitelist.sheets import kinds
from whitelist.sheets.files.headers import Header
from whitelist.sheets.flows import IMPORT_FLOW
from whitelist.sheets.models import Outcome, SheetImport, SheetRow

LONGEST = 2000
REWRITTEN = ("key", "outcome", "said", "values", "changes", "faults", "has_faults", "row_id", "row_version")


def overlay(kind, rows, header, corrections):
    """Put corrected cells into the table; a column that the file lacks is set beside it. Gives the header now."""
    if not corrections:
        return header
    width = max([len(header.titles), *map(len, rows)])
    corrected = {key for cells in corrections.values() for key in cells}
    added = [column for column in kind.columns if column.key in corrected - header.places.keys()]
    places = header.places | {column.key: width + place for place, column in enumerate(added)}
    titles = [*header.titles, *[""] * (width - len(header.titles)), *(str(column.label) for column in added)]
    for number, cells in corrections.items():
        if not header.row < int(number) <= len(rows):
            continue
        row = rows[int(number) - 1]
        for key, text in cells.items():
            if key in places:
                row += [""] * (places[key] + 1 - len(row))
                row[places[key]] = text
    lacking = frozenset(column.key for column in added)
    return replace(header, places=places, titles=titles if added else header.titles, added=lacking)


def noted(told, mapping):
    """What was done unasked. A column that only corrections fill is blank in all other rows, which is no news."""
    counts = told.as_dict()
    counts["blank"] = {key: count for key, count in counts.get("blank", {}).items() if key in mapping}
    return {what: columns for what, columns in counts.items() if columns}


@transaction.atomic
def correct_row(sheet_import, number, cells, *, by):
    """Put other texts into cells of a row and judge it anew, with the rows that share its key or its name.

    Gives the corrected row, and after it the others that became something else by it.
    """
    sheet_import = (
        SheetImport.objects.select_for_update(of=("self",))
        .select_related("uploaded_by__office")
        .order_by("pk")
        .get(pk=sheet_import.pk)
    )
    IMPORT_FLOW.check(sheet_import, "correct", by=by)
    kind = kinds.get(sheet_import.kind)
    line = _line(sheet_import, number)
    said = _checked(kind, line, cells)
    if not said:
        return [line]
    earlier = sheet_import.corrections
    sheet_import.corrections = {**earlier, str(number): {**earlier.get(str(number), {}), **said}}
    with translation.override(sheet_import.language):
        lines = _judged_anew(kind, sheet_import, line, earlier)
    sheet_import.save(update_fields=["corrections", "columns", "counts", "fault_counts", "notes"])
    names = {key: sheet_import.mapping.get(key, {}).get("header") or str(kind.by_key[key].label) for key in said}
    told = _("row %(row)s: %(columns)s") % {"row": number, "columns": ", ".join(names.values())}
    was = {key: line.was.get(key, "") for key in said}
    record(
        sheet_import,
        "corrected",
        by=by,
        before={"cells": list(was.values())},
        after={"cells": list(said.values())},
        note=told,
    )
    return lines


def _line(sheet_import, number):
    line = sheet_import.lines.filter(number=number).first()
    if line is None:
        detail = _("This file has no row %(row)s with anything in it.") % {"row": number}
        raise DomainError(detail, errors=[Fault("row", "no_such_row", detail)])
    return line


def _checked(kind, line, cells):
    """The cells that differ from what stands; unknown columns are refused, and so is emptying the row."""
    faults = []
    for key, text in cells.items():
        if key not in kind.by_key:
            known = ", ".join(column.key for column in kind.columns)
            detail = _("There is no column “%(key)s”. Known are: %(known)s.") % {"key": key, "known": known}
            faults.append(Fault(f"cells/{key}", "unknown_column", detail))
        elif len(text) > LONGEST:
            detail = _("%(found)s characters; at most %(most)s are kept.") % {"found": len(text), "most": LONGEST}
            faults.append(Fault(f"cells/{key}", "too_long", detail))
    if faults:
        raise DomainError(_("The row cannot be corrected like this."), errors=faults)
    said = {key: text.strip() for key, text in cells.items() if text.strip() != line.cells.get(key, "").strip()}
    if said and not any((line.cells | said).values()):
        detail = _("A row needs something in one of its cells.")
        raise DomainError(detail, errors=[Fault("cells", "row_empty", detail)])
    return said


def _judged_anew(kind, sheet_import, line, earlier):
    """Judge the row and those it touches as they were and as they are now, and carry the difference into the counts."""
    alone = _judge(sheet_import, [line], sheet_import.corrections, kinds.Notes())[0]
    lines = _touching(kind, sheet_import, line, alone)
    before, after = kinds.Notes(), kinds.Notes()
    _judge(sheet_import, lines, earlier, before)
    rows = _judge(sheet_import, lines, sheet_import.corrections, after)
    _recount(sheet_import, lines, rows)
    was, now = (noted(told, sheet_import.mapping) for told in (before, after))
    sheet_import.notes = _shifted(sheet_import.notes, was, now)
    labels = {column.key: str(column.label) for column in kind.columns}
    labels |= {key: each["header"] for key, each in sheet_import.mapping.items()}
    line.was = line.cells
    columns = sheet_import.columns = list(dict.fromkeys([*sheet_import.columns, *rows[0].columns]))
    changed = [line]
    for each, row in zip(lines, rows, strict=True):
        stood = (each.outcome, each.changes, [fault["detail"] for fault in each.faults])
        for name in ("key", "outcome", "values", "changes", "row_id", "row_version"):
            setattr(each, name, getattr(row, name))
        each.said = [row.cells.get(key, "") for key in columns]
        each.faults = [{"column": labels.get(fault["key"], ""), **fault} for fault in row.faults]
        each.has_faults = bool(row.faults)
        stands = (each.outcome, each.changes, [fault["detail"] for fault in each.faults])
        if each is not line and stands != stood:
            changed.append(each)
    SheetRow.objects.bulk_update(lines, REWRITTEN, batch_size=500)
    return changed


def _touching(kind, sheet_import, line, alone):
    """The row and all that share a key or a name with it, as it was or as it is now, or are judged together with those,
    in the order of the file.
    """
    title = kind.title_column if kind.title_column != kind.key_column else ""
    lines = {line.number: line}
    keys, names = {alone.key, line.key}, {alone.cells.get(title, ""), line.cells.get(title, "")}
    while True:
        shared = Q(key__in=keys - {""}) | kind.judged_with(keys - {""})
        standing = sheet_import.lines
        if title in sheet_import.columns:
            shared |= Q(title__in=names - {""})
            standing = standing.alias(title=KT(f"said__{sheet_import.columns.index(title)}"))
        more = list(standing.filter(shared).exclude(number__in=lines))
        if not more:
            return [lines[number] for number in sorted(lines)]
        lines |= {each.number: each for each in more}
        keys |= {each.key for each in more}
        names |= {each.cells.get(title, "") for each in more}


def _judge(sheet_import, lines, corrections, told):
    """Read the cells of these rows again, with what was corrected, and judge them by themselves."""
    kind = kinds.get(sheet_import.kind)
    read = {key: each["place"] for key, each in sheet_import.mapping.items()}
    width = max(read.values(), default=-1) + 1
    titles = [""] * width
    for each in sheet_import.mapping.values():
        titles[each["place"]] = each["header"]
    table, filled = [], width + len(kind.columns)
    for line in lines:
        corrected = corrections.get(str(line.number), {})
        cells = [""] * width
        for key, place in read.items():
            cells[place] = _as_read(line, key) if key not in corrected else ""
        table.append([*cells, *[""] * (filled - width), "·"])
    numbered = {str(place): corrections.get(str(line.number), {}) for place, line in enumerate(lines, start=1)}
    header = overlay(kind, table, Header(0, read, titles, []), numbered)
    rows = kind.read_rows(table, header, told=told)
    for row, line in zip(rows, lines, strict=True):
        row.number = line.number
    kind.judge(rows, by=sheet_import.uploaded_by, target=sheet_import.target, told=told)
    kind.finish(rows)
    return rows


def _as_read(line, key):
    """A cell as the file held it: the preview keeps the text of a number, its remarks say that it was one."""
    text = line.cells.get(key, "")
    codes = {fault["code"] for fault in line.faults if fault["key"] == key}
    if "code_was_number" in codes and text.isdigit():
        return int(text)
    if "precision_lost" in codes:
        try:
            number = float(text)
        except ValueError:
            return text
        return number if repr(number) == text else text
    return text


def _recount(sheet_import, lines, rows):
    """Counts by outcome and by fault, less what these rows were, plus what they are."""
    counts = Counter(sheet_import.counts)
    counts.subtract(line.outcome for line in lines)
    counts.update(row.outcome for row in rows)
    sheet_import.counts = {outcome: counts.get(outcome, 0) for outcome in Outcome.values}
    faults = {code: dict(told) for code, told in sheet_import.fault_counts.items()}
    for each, step in [*((line, -1) for line in lines), *((row, 1) for row in rows)]:
        for code, severity in {fault["code"]: fault["severity"] for fault in each.faults}.items():
            faults.setdefault(code, {"rows": 0, "severity": severity})["rows"] += step
    left = [(code, told) for code, told in faults.items() if told["rows"] > 0]
    sheet_import.fault_counts = dict(sorted(left, key=lambda each: (each[1]["severity"], -each[1]["rows"])))


def _shifted(notes, before, after):
    """Counts of what was done unasked, less those of the rows as they were, plus those as they are."""
    shifted = {}
    for what in {**notes, **before, **after}:
        columns = Counter(notes.get(what, {}))
        columns.subtract(before.get(what, {}))
        columns.update(after.get(what, {}))
        kept = {column: count for column, count in columns.items() if count > 0}
        if kept:
            shifted[what] = kept
    return shifted
