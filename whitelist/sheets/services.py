"""Verbs on imports. What the worker does, it does in one transaction: killed midway it has done nothing."""

import hashlib
import logging

import orjson
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from whitelist.accounts.models import User
from whitelist.audit.services import advance, record
from whitelist.core.errors import DomainError, Fault, NotAllowed, WrongState
from whitelist.delivery.services import later
from whitelist.sheets import kinds, policies, telling
from whitelist.sheets.attempts import uncollected, whole
from whitelist.sheets.files import reading
from whitelist.sheets.flows import IMPORT_FLOW
from whitelist.sheets.models import Channel, ImportState, SheetFile, SheetImport, SheetRow
from whitelist.sheets.previews import correcting, mapping
from whitelist.sheets.undo import services as undoing

log = logging.getLogger(__name__)

MOST_ROWS = {Channel.PAGE: 20_000, Channel.API: 200_000}
ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})  # as COPY wants a text
NULL = rb"\N"
STORED_AT_ONCE = 100  # rows: few enough for the database to take them while the next are written
ROW_COLUMNS = (
    *("sheet_import_id", "number", "key", "outcome", "said", "values", "changes", "faults", "has_faults"),
    *("row_id", "row_version"),
)


@transaction.atomic
def upload(file, *, kind, by, target=None, language=None, channel=Channel.PAGE):
    """Keep a file and let the worker read it. `file` is anything with `name`, `size` and `read()`."""
    sheet_kind = kinds.named(kind)
    if not policies.may_import(by, kind):
        raise NotAllowed
    reading.check_size(file.size)
    content = file.read()
    reading.sniff(content)
    sheet_import = SheetImport.objects.create(
        kind=kind,
        file_name=_file_name(file.name),
        file_hash=hashlib.sha256(content).hexdigest(),
        file_size=len(content),
        language=language or translation.get_language() or "en",
        channel=channel,
        office=by.office,
        uploaded_by=by,
        target=sheet_kind.check_target(target, by=by),
    )
    SheetFile.objects.create(sheet_import=sheet_import, content=content)
    record(sheet_import, "uploaded", by=by, after={"file_name": sheet_import.file_name, "file_size": len(content)})
    later("sheets.parse", sheet_import=sheet_import.pk)
    return sheet_import


def _file_name(name):
    plain = "".join(char for char in str(name or "").replace("\\", "/").rpartition("/")[2] if char.isprintable())
    return plain.strip()[-200:] or "sheet"


@transaction.atomic
def choose_sheet(sheet_import, *, sheet, by):
    """Say which of several sheets is meant; it is read then."""
    IMPORT_FLOW.check(sheet_import, "choose", by=by)
    names = [each["name"] for each in sheet_import.candidates]
    if sheet not in names:
        detail = _("This workbook has no such sheet to choose. There are: %(names)s.") % {"names": ", ".join(names)}
        raise DomainError(detail, errors=[Fault("sheet", "unknown_sheet", detail)])
    sheet_import = advance(sheet_import, IMPORT_FLOW, "choose", by=by, sheet=sheet)
    later("sheets.parse", sheet_import=sheet_import.pk)
    return sheet_import


@transaction.atomic
def read_again(sheet_import, *, by):
    """Compare the same file anew with the register as it is now."""
    IMPORT_FLOW.check(sheet_import, "read_again", by=by)
    sheet_import = advance(sheet_import, IMPORT_FLOW, "read_again", by=by, refusal="", refusal_code="")
    sheet_import.report_progress(0)
    later("sheets.parse", sheet_import=sheet_import.pk)
    return sheet_import


@transaction.atomic
def confirm(sheet_import, *, by):
    """Have the worker write the accepted rows of the preview; the rejected ones are left out knowingly."""
    IMPORT_FLOW.check(sheet_import, "confirm", by=by)
    kind = kinds.get(sheet_import.kind)
    kind.check_target(sheet_import.target, by=by)
    if numbers := kind.stale(sheet_import):
        raise kinds.Stale(numbers)
    sheet_import.report_progress(0)
    now = timezone.now()
    sheet_import = advance(sheet_import, IMPORT_FLOW, "confirm", by=by, confirmed_by=by, confirmed_at=now, refusal="")
    later("sheets.confirm", sheet_import=sheet_import.pk)
    return sheet_import


@transaction.atomic
def cancel(sheet_import, *, by):
    """Take a confirmation back while the worker has it: what it has written so far is rolled back whole."""
    nobody = {"confirmed_by": None, "confirmed_at": None}
    return advance(sheet_import, IMPORT_FLOW, "cancel", by=by, **nobody)


@transaction.atomic
def discard(sheet_import, *, by):
    """Drop the file and everything read from it; nothing of it was written anywhere."""
    IMPORT_FLOW.check(sheet_import, "discard", by=by)
    sheet_import = advance(sheet_import, IMPORT_FLOW, "discard", by=by)
    sheet_import.lines.all().delete()
    SheetFile.objects.filter(sheet_import=sheet_import).delete()
    return sheet_import


def parse(sheet_import_id):
    """The worker's first job: read, judge every row, and show the preview or say why there is none."""
    sheet_import = SheetImport.objects.select_related("uploaded_by__office").get(pk=sheet_import_id)
    if sheet_import.state != ImportState.PARSING:
        return
    with translation.override(sheet_import.language), uncollected():
        _settled(sheet_import, _parse)


def write(sheet_import_id):
    """The worker's second job: write all accepted rows in one transaction, or look again if their ground has moved."""
    sheet_import = SheetImport.objects.select_related("confirmed_by").get(pk=sheet_import_id)
    if sheet_import.state != ImportState.CONFIRMING:
        return
    with translation.override(sheet_import.language):
        _settled(sheet_import, _write)


def _settled(sheet_import, work):
    """Do the work whole or not at all. What a retry may cure is raised for the outbox, all else is told to the user."""
    clock = User.objects.system()
    sheet_import.report_progress(0)
    try:
        whole(work, sheet_import, clock)
    except (OperationalError, InterfaceError):
        raise
    except WrongState:
        log.info("import %s was settled meanwhile", sheet_import.pk)
    except kinds.Stale as stale:
        numbers = stale.numbers or kinds.get(sheet_import.kind).stale(sheet_import)
        told = _("Nothing was imported yet. %(why)s") % {"why": kinds.Stale(numbers)}
        advance(sheet_import, IMPORT_FLOW, "look_again", by=clock, refusal=told)
        later("sheets.parse", sheet_import=sheet_import.pk)
    except DomainError as refusal:
        mapping.keep(sheet_import, getattr(refusal, "found", getattr(sheet_import, "found", None)))
        advance(sheet_import, IMPORT_FLOW, "refuse", by=clock, refusal=str(refusal), refusal_code=refusal.code)
    except Exception:
        log.exception("import %s failed", sheet_import.pk)
        told = _("The fault is ours and has been recorded. Nothing was imported.")
        advance(sheet_import, IMPORT_FLOW, "fail", by=clock, refusal=told)
    telling.tell(sheet_import)


@transaction.atomic
def give_up(sheet_import_id):
    """End an import whose job was tried in vain as often as jobs are tried."""
    sheet_import = SheetImport.objects.get(pk=sheet_import_id)
    with translation.override(sheet_import.language):
        if sheet_import.state == ImportState.UNDOING:
            undoing.give_up(sheet_import, _("The work was tried several times in vain. Nothing was undone: try again."))
        elif sheet_import.is_moving:
            told = _("The work was tried several times in vain. Nothing was imported: read the file again.")
            advance(sheet_import, IMPORT_FLOW, "fail", by=User.objects.system(), refusal=told)
        telling.tell(sheet_import)


def _parse(sheet_import, clock):
    kind, most = kinds.get(sheet_import.kind), MOST_ROWS[sheet_import.channel]
    sheet_import.report_progress(0.05)
    by = sheet_import.uploaded_by
    pieces = SheetFile.objects.pieces(sheet_import)
    book = reading.read(pieces, most_rows=most, meanwhile=lambda: kind.prepare(by=by))
    sheet_import.report_progress(0.2)
    tables = mapping.tables(kind, book, sheet_import)
    if len(tables) > 1:
        offered = [{"name": sheet.name, "rows": len(sheet.rows) - header.row} for sheet, header in tables]
        sheet_import.lines.all().delete()
        SheetImport.objects.filter(pk=sheet_import.pk).update(candidates=offered, reading=book.about, questions=[])
        advance(sheet_import, IMPORT_FLOW, "offer", by=clock)
        return
    sheet, header = tables[0]
    sheet_import.found = mapping.found(kind, book, sheet, header)
    if questions := mapping.questions(sheet, header):
        sheet_import.lines.all().delete()
        mapping.keep(sheet_import, {**sheet_import.found, "questions": questions})
        advance(sheet_import, IMPORT_FLOW, "ask", by=clock)
        return
    header = correcting.overlay(kind, sheet.rows, header, sheet_import.corrections)
    told = kinds.Notes()
    rows = kind.read_rows(
        sheet.rows, header, told=told, progress=lambda ratio: sheet_import.report_progress(0.2 + ratio * 0.3)
    )
    reading.check_extent(sheet, data_rows=len(rows), most_rows=most)
    sheet.rows.clear()  # the rows hold what is needed of them
    if not rows:
        raise DomainError(_("Below the header in row %(row)s there are no rows.") % {"row": header.row}, code="no_rows")
    kind.judge(rows, by=by, target=sheet_import.target, told=told)
    kind.check_whole(rows)
    sheet_import.report_progress(0.8)
    number, (counts, faults) = len(rows), kinds.tally(rows)
    _store(sheet_import, kind, rows, header)
    SheetImport.objects.filter(pk=sheet_import.pk).update(
        **sheet_import.found,
        columns=list(header.places),
        questions=[],
        counts=counts,
        notes=correcting.noted(told, sheet_import.found["mapping"]),
        fault_counts=faults,
    )
    advance(sheet_import, IMPORT_FLOW, "show", by=clock, note=_in_words(counts), sheet=sheet.name, rows=number)


def _store(sheet_import, kind, rows, header):
    """Replace the preview rows by one COPY. The list is emptied on the way: a row goes as soon as it is stored."""
    labels, own = {column.key: str(column.label) for column in kind.columns}, b"%d" % sheet_import.pk
    labels |= {key: header.titles[place] for key, place in header.places.items()}
    sheet_import.lines.all().delete()
    quoted = ", ".join(f'"{name}"' for name in ROW_COLUMNS)
    with connection.cursor() as cursor, cursor.copy(f"COPY {SheetRow._meta.db_table} ({quoted}) FROM STDIN") as copy:
        while rows:
            some = rows[:STORED_AT_ONCE]
            kind.finish(some)
            copy.write(b"".join([_line(row, labels, own) for row in some]))
            del rows[:STORED_AT_ONCE]


def _line(row, labels, sheet_import):
    """A row as COPY takes it."""
    faults = [{"column": labels.get(fault["key"], ""), **fault} for fault in row.faults] if row.faults else ()
    key = row.key if row.key.isalnum() else row.key.translate(ESCAPED)
    return b"%b\t%d\t%b\t%b\t%b\t%b\t%b\t%b\t%b\t%b\t%b\n" % (
        *(sheet_import, row.number, key.encode(), row.outcome.encode(), _json(row.said), _json(row.values)),
        *(_json(row.changes) if row.changes else b"{}", _json(faults) if faults else b"[]", b"t" if faults else b"f"),
        NULL if row.row_id is None else b"%d" % row.row_id,
        NULL if row.row_version is None else b"%d" % row.row_version,
    )


def _json(value):
    """JSON escapes every control character, so only its strokes are left to be doubled for COPY."""
    return orjson.dumps(value).replace(b"\\", rb"\\")


def _write(sheet_import, clock):
    kinds.get(sheet_import.kind).apply(sheet_import, by=sheet_import.confirmed_by)
    now = SheetImport.objects.select_for_update(of=("self",)).order_by("pk").get(pk=sheet_import.pk)
    if now.confirmed_at != sheet_import.confirmed_at:
        raise WrongState(_("This confirmation was cancelled."))
    advance(sheet_import, IMPORT_FLOW, "finish", by=clock, note=_done_in_words(sheet_import.counts))
    later("sheets.tidy", kind=sheet_import.kind)


def _done_in_words(counts):
    told = _("%(created)s created, %(updated)s updated, %(unchanged)s unchanged, %(rejected)s left out")
    return told % {name: f"{count:,}" for name, count in counts.items()}


def _in_words(counts):
    told = _("%(created)s to create, %(updated)s to update, %(unchanged)s unchanged, %(rejected)s rejected")
    return told % {name: f"{count:,}" for name, count in counts.items()}


def sees_import(user, pk):
    """Whether an import exists for this user."""
    return SheetImport.objects.visible_to(user).filter(pk=pk).exists()


def faults_of(sheet_import, *, most):
    """The first faults of an import, by row and column, with how many there are in all."""
    told, total = [], 0
    marked = SheetRow.objects.of(sheet_import).filter(has_faults=True).values_list("number", "faults")
    for number, faults in marked.iterator():
        total += len(faults)
        if len(told) < most:
            told += [{"row": number, **fault} for fault in faults[: most - len(told)]]
    return told, total
