"""What can be imported. Each room adds a `sheet.py` with a SheetKind: columns, judgement, and its way of writing."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache
from itertools import repeat, zip_longest

from django.conf import settings
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from whitelist.core.errors import Conflict, DomainError, Fault
from whitelist.core.scoping import NOTHING
from whitelist.sheets.files.cells import ERRORS, LANGUAGES, BadCell, Code, as_text, says_unknown
from whitelist.sheets.models import Outcome

ERROR, WARNING = "error", "warning"
ROWS_NAMED = 10
PIECE = 5000  # rows that are turned into values at once


@dataclass(frozen=True)
class Column:
    """A column that is understood: the key of its values, what people call it, and what it may hold.

    `label` heads it in the template workbook; `synonyms` are further headings. A `required` column must be in the file.
    With `is_unknown_blank`, cells that say 不详, 无, N/A count as blank. `is_exported` ones are filled by exports.
    """

    key: str
    label: object
    synonyms: tuple
    sort: object
    required: bool = False
    is_unknown_blank: bool = True
    note: object = ""
    is_exported: bool = False

    def names(self):
        """Every heading under which it is known: its key, its label in each language, and the synonyms."""
        labels = []
        for language in LANGUAGES:
            with translation.override(language):
                labels.append(str(self.label))
        return [self.key, self.key.replace("_", " "), *labels, *self.synonyms]


@dataclass(slots=True)
class Row:
    """One row of the file on its way: cells as read, the values they mean, what is wrong, and what it would do.

    `said` are the texts of the cells in the order of `columns`, which all rows of a file share: there may be many rows.
    """

    number: int
    values: dict
    said: tuple = ()
    columns: tuple = ()
    faults: tuple | list = ()
    key: str = ""
    outcome: str = ""
    changes: dict = field(default_factory=dict)
    row_id: int | None = None
    row_version: int | None = None

    def fault(self, column, code, detail, severity=ERROR):
        self.faults = [*self.faults, {"key": column, "code": code, "severity": severity, "detail": str(detail)}]

    def warn(self, column, code, detail):
        self.fault(column, code, detail, WARNING)

    @property
    def cells(self):
        """The texts of the cells that hold something, by column."""
        return {key: text for key, text in zip(self.columns, self.said, strict=True) if text}

    @property
    def is_rejected(self):
        return bool(self.faults) and any(fault["severity"] == ERROR for fault in self.faults)


class Stale(Conflict):
    """Rows of the register that the preview rests on were changed meanwhile; `numbers` are the rows of the file."""

    code = "stale_rows"

    def __init__(self, numbers):
        self.numbers = numbers
        shown = ", ".join(str(number) for number in numbers[:ROWS_NAMED]) + (" …" if len(numbers) > ROWS_NAMED else "")
        text = _(
            "Since this preview somebody changed what %(count)s of its rows rest on: %(rows)s. Read the file again."
        )
        told = text % {"rows": shown, "count": len(numbers)}
        super().__init__(told, errors=[Fault(f"/rows/{number}", self.code, told) for number in numbers[:1000]])


class SheetKind:
    """One sort of import. Subclasses name their columns, judge all rows with set-based look-ups, and write with a few
    statements. Nothing here knows of requests; whatever writes does so inside the caller's one transaction.
    """

    name = ""
    label: object = ""
    columns: tuple = ()
    key_column = title_column = ""  # what tells rows apart, and what people call a row
    hidden: tuple = ()  # values that the preview does not list
    seen: object = _lazy("See what was imported")
    fault_words: dict = {}  # what the codes of this kind's own faults are called
    target_names: tuple = ()  # what an upload must name beside the file, such as the batch that lines go into
    can_undo = False

    def may_import(self, user):
        """Whether this user may import this kind at all."""
        raise TypeError(f"{type(self).__name__} does not say who may import it")

    def check_target(self, target, *, by):
        """The target of an upload as plain data; a kind without targets takes none."""
        return {}

    def about_target(self, target, *, by):
        """What the rows go into, as (words, address); None for a kind without targets, or if this user sees it not."""
        return None

    def prepare(self, *, by):
        """Look up what the rows of any file are judged by; asked while the file is being read."""

    def judge(self, rows, *, by, target, told):
        """Give each row its values, faults, key and outcome. `told` is the Notes to write into.

        Raise a DomainError to refuse the whole file.
        """
        raise TypeError(f"{type(self).__name__} does not judge")

    def judged_with(self, keys):
        """Which further rows of a preview are judged together with those of these keys, as a Q; one key always is."""
        return NOTHING

    def finish(self, rows):
        """Complete the values of judged rows before they are kept: of some at a time, because there may be many."""

    def check_whole(self, rows):
        """Refuse the file for what only all its rows together show; asked after `judge`, never of some rows alone."""

    def stale(self, sheet_import):
        """Numbers of the rows whose ground was changed since the preview."""
        return []

    def apply(self, sheet_import, *, by):
        """Write what the preview promised, all of it, or raise Stale."""
        raise TypeError(f"{type(self).__name__} does not write")

    def undo_preview(self, sheet_import):
        """What undoing would restore, remove and keep: an UndoPreview."""
        raise TypeError(f"{type(self).__name__} does not undo")

    def undo(self, sheet_import, *, by):
        """Take back what is still as the import left it; returns {"restored", "removed", "kept"}."""
        raise TypeError(f"{type(self).__name__} does not undo")

    def tidy(self):
        """Work that may wait until the rows are committed."""

    def address(self, sheet_import):
        """Where what was imported can be seen."""
        return ""

    def field_label(self, name):
        """What a value is called in the preview."""
        return self.by_key[name].label if name in self.by_key else name

    def key_of(self, row):
        """What the preview names a row by, below its title."""
        return row.key or row.cells.get(self.key_column, "")

    def title_of(self, row):
        return row.cells.get(self.title_column, "")

    def wording(self, rows):
        """A function (name, value) → words for the values of these rows; references are looked up once."""
        return lambda name, value: "" if value is None else str(value)

    @property
    def by_key(self):
        return {column.key: column for column in self.columns}

    def read_rows(self, table, header, *, told, progress=lambda ratio: None):
        """Rows below the header, each cell turned into its value. Rows without any cell are passed over.

        The table is emptied on the way, so that cells and rows are never held both.
        """
        rows, columns = [], self.by_key
        readings = {key: Readings(columns[key]) for key in header.places}
        for start in range(header.row, len(table), PIECE):
            progress(start / len(table))
            piece = enumerate(table[start : start + PIECE], start=start + 1)
            full = [(number, cells) for number, cells in piece if any(map(_holds, cells))]
            table[start : start + PIECE] = [()] * len(table[start : start + PIECE])
            if full:
                rows += self._read_piece(full, header.places, readings, told)
        return rows

    def _read_piece(self, full, places, readings, told):
        """Some rows, column by column."""
        names, said, values, faults, sparse = tuple(places), [], [], [], []
        table = list(zip_longest(*(cells for _number, cells in full), fillvalue=""))
        blank = ("",) * len(full)
        for key, place in places.items():
            known = readings[key]
            if len(known) > PIECE:
                known.clear()
            cells = table[place] if place < len(table) else blank
            texts, meant, notes, wrong = zip(*map(known.__getitem__, cells), strict=True)
            said.append(texts)
            values.append(meant)
            if None in meant:
                sparse.append(key)
            if any(notes):
                for note, times in Counter(filter(None, notes)).items():
                    told.count(note, key, times)
            if any(wrong):
                faults += [(at, key, fault) for at, fault in enumerate(wrong) if fault]
        rows = [
            Row(number, meant, texts, names)
            for (number, _cells), meant, texts in zip(
                full, _filled(names, values, sparse), zip(*said, strict=True), strict=True
            )
        ]
        for at, key, fault in faults:
            rows[at].fault(key, *fault)
        return rows


def _filled(names, columns, sparse):
    """The rows of these columns as dictionaries, without what is None in the `sparse` ones."""
    rows = list(map(dict, map(zip, repeat(names), zip(*columns, strict=True))))
    for name in sparse:
        for row in rows:
            if row[name] is None:
                del row[name]
    return rows


def _holds(cell):
    """Whether a cell as the reader gives it has something in it."""
    return not isinstance(cell, str) or (cell != "" and not cell.isspace())


class Readings(dict):
    """What the cells of a column mean, each read when it is first met: few different ones stand in most columns."""

    def __init__(self, column):
        super().__init__()
        self.column = column

    def __missing__(self, cell):
        self[cell] = meaning = read_cell(self.column, cell)
        return meaning


def read_cell(column, cell):
    """What a cell means in its column: its text, its value or None, what to note about it, and its fault or None."""
    text = as_text(cell)
    if not text:
        return "", None, "blank", None
    is_number = not isinstance(cell, str)
    shown = text if is_number else cell[:2000]
    if column.is_unknown_blank and not is_number and says_unknown(text):
        return shown, None, "unknown_word", None
    if text in ERRORS:
        detail = _("The cell holds the error %(error)s instead of a value.") % {"error": text}
        return shown, None, "", ("cell_error", detail)
    try:
        value = column.sort.read(cell)
    except BadCell as bad:
        return shown, None, "", (bad.code, bad.detail)
    if is_number and isinstance(column.sort, Code):
        told = _("The code was stored as a number; all its digits are there.")
        return shown, value, "", ("code_was_number", told, WARNING)
    return shown, value, "", None


class Notes:
    """What was done without asking, counted by what and in which column: nothing of it is silent."""

    def __init__(self):
        self.counts = defaultdict(Counter)

    def count(self, what, column, times=1):
        self.counts[what][column] += times

    def as_dict(self):
        return {what: dict(columns) for what, columns in self.counts.items()}


def tally(rows):
    """Counts by outcome, and by fault code with its severity and number of rows."""
    outcomes = Counter(row.outcome for row in rows)
    faults: dict = {}
    for row in (row for row in rows if row.faults):
        for code, severity in {fault["code"]: fault["severity"] for fault in row.faults}.items():
            told = faults.setdefault(code, {"severity": severity, "rows": 0})
            told["rows"] += 1
    counts = {outcome: outcomes.get(outcome, 0) for outcome in Outcome.values}
    return counts, dict(sorted(faults.items(), key=lambda each: (each[1]["severity"], -each[1]["rows"])))


@cache
def _classes():
    return {name: import_string(path) for name, path in settings.SHEET_KINDS.items()}


def known():
    """All kinds by name, from the settings; each call gives fresh ones, so that a judgement may keep its own things."""
    return {name: kind() for name, kind in _classes().items()}


def get(name):
    kind = _classes().get(name)
    return kind() if kind else None


def named(name):
    """The kind that an address or a body names, or a refusal that says which there are."""
    kind = get(name)
    if kind is None:
        detail = _("There is nothing to import of this kind. Known are: %(known)s.")
        told = detail % {"known": ", ".join(sorted(_classes()))}
        raise DomainError(told, errors=[Fault("kind", "unknown_kind", told)])
    return kind
