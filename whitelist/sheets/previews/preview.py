"""The preview in words: what happened to cells unasked, what is wrong, and what each row would do."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from whitelist.sheets import kinds
from whitelist.sheets.models import Outcome
from whitelist.sheets.previews.remedies import remedy

TONES = {
    **{"parsing": "info", "needs_choice": "attention", "preview": "attention", "refused": "bad", "confirming": "info"},
    **{"done": "good", "discarded": "off", "undoing": "info", "undone": "off", "failed": "bad"},
    **{"created": "good", "updated": "info", "unchanged": "neutral", "rejected": "bad"},
}
NOTES = {
    "normalised": ngettext_lazy(
        "%(count)s cell was brought to the form of the standard: full-width characters, spaces, lower case.",
        "%(count)s cells were brought to the form of the standard: full-width characters, spaces, lower case.",
        "count",
    ),
    "unknown_word": ngettext_lazy(
        "%(count)s cell says that it is not known, such as 不详; it counts as blank.",
        "%(count)s cells say that it is not known, such as 不详; they count as blank.",
        "count",
    ),
    "blank": ngettext_lazy(
        "%(count)s cell is blank and changes nothing.", "%(count)s cells are blank and change nothing.", "count"
    ),
    "yesterday_taken": ngettext_lazy(
        "%(count)s row names no day; the day whose reports are due now is taken, which its key shows.",
        "%(count)s rows name no day; the day whose reports are due now is taken, which their keys show.",
        "count",
    ),
    "core_only": ngettext_lazy(
        "%(count)s new name was compared with the register without legal form and brackets only: the file has too many "
        "to compare them letter by letter. Smaller files are compared letter by letter.",
        "%(count)s new names were compared with the register without legal form and brackets only: they are too many "
        "to compare them letter by letter. Smaller files are compared letter by letter.",
        "count",
    ),
    "zero_restored": ngettext_lazy(
        "%(count)s single digit got back the zero that a spreadsheet drops.",
        "%(count)s single digits got back the zero that a spreadsheet drops.",
        "count",
    ),
}
FAULTS = {
    "ambiguous_division": _("several divisions of that name"),
    "cell_error": _("error of a formula"),
    "changed_since_export": _("changed since it was exported"),
    "code_length": _("code of a wrong length"),
    "code_required": _("no code"),
    "code_was_number": _("code stored as a number"),
    "contradicts_row": _("contradicts another row"),
    "division_renamed": _("division renamed since"),
    "division_required": _("no division"),
    "division_zone": _("development zone"),
    "duplicate_row": _("repeats an earlier row"),
    "industry_several": _("several industries"),
    "industry_unknown": _("unknown industry"),
    "name_required": _("no name"),
    "near_name": _("nearly the same name in the register"),
    "negative": _("below zero"),
    "not_a_number": _("not a number"),
    "outside_division": _("outside your division"),
    "own_division": _("division of your office taken"),
    "precision_lost": _("digits lost"),
    "registration_check_digit": _("check digit of the registration number"),
    "repeats_rejected": _("repeats a rejected row"),
    "retired": _("retired in the register"),
    "same_name": _("same name, other code"),
    "too_large": _("too large"),
    "too_long": _("too long"),
    "too_wide": _("too wide a division"),
    "unknown_choice": _("unknown word"),
    "unknown_division": _("unknown division"),
    "uscc_charset": _("letter that no code has"),
    "uscc_check_digit": _("check digit"),
}


@dataclass(frozen=True)
class Finding:
    """What is wrong with one cell: `details` are (severity, sentence, what to do, rows of the register alike)."""

    key: str
    column: str
    text: str
    severity: str
    details: list
    is_open: bool


@dataclass(frozen=True)
class Line:
    """A row of the file as the page shows it: `changes` are (label, before, after), `cells` (key, label, text, remarks)
    if it is open to be corrected as a whole.
    """

    number: int
    title: str
    key: str
    outcome: str
    outcome_label: str
    tone: str
    changes: list
    findings: list
    may_correct: bool
    is_fixed: bool
    cells: list


def kind_label(name):
    kind = kinds.get(name)
    return kind.label if kind else name


def faults(sheet_import):
    """What is wrong, one entry a kind of fault: (code, words, severity, rows, what to do); errors first."""
    told = sheet_import.fault_counts.items()
    words = FAULTS | getattr(kinds.get(sheet_import.kind), "fault_words", {})
    found = [(code, str(words.get(code, code)), each["severity"], each["rows"], remedy(code)) for code, each in told]
    return sorted(found, key=lambda each: (each[2], -each[3], each[0]))


def notes(sheet_import):
    """What was done unasked, as (column, sentence)."""
    kind = kinds.get(sheet_import.kind)
    return [
        (kind.by_key[column].label if column in kind.by_key else column, NOTES[what] % {"count": count})
        for what, columns in sheet_import.notes.items()
        for column, count in columns.items()
        if what in NOTES
    ]


def columns(sheet_import):
    """What was understood, as (label, heading in the file, samples)."""
    kind = kinds.get(sheet_import.kind)
    known = sorted(sheet_import.mapping.items(), key=lambda each: each[1]["place"])
    return [(kind.by_key[key].label, told["header"], told["samples"]) for key, told in known if key in kind.by_key]


def outcomes(sheet_import):
    """Rows by what becomes of them, as (outcome, word, rows); together they are the rows of the file."""
    return [(value, label, sheet_import.counts.get(value, 0)) for value, label in Outcome.choices]


def title_label(kind):
    """What the column is called by which people know a row."""
    return kind.by_key[kind.title_column].label if kind.title_column in kind.by_key else kind.label


def lines(sheet_import, rows, *, may_correct=False, is_open=False):
    """Rows in words; references in them are looked up once for all."""
    kind = kinds.get(sheet_import.kind)
    say = kind.wording(rows)
    return [
        Line(
            number=row.number,
            title=kind.title_of(row),
            key=kind.key_of(row),
            outcome=row.outcome,
            outcome_label=row.get_outcome_display(),
            tone=TONES[row.outcome],
            changes=_changes(kind, row, say),
            findings=_findings(kind, row, may_correct=may_correct),
            may_correct=may_correct,
            is_fixed=str(row.number) in sheet_import.corrections,
            cells=_cells(kind, sheet_import, row) if is_open and may_correct else [],
        )
        for row in rows
    ]


def _findings(kind, row, *, may_correct):
    """Faults by cell, those that leave the row out first; the cell of such a one is open to be corrected."""
    by_key: dict = {}
    for fault in sorted(row.faults, key=lambda each: each["severity"]):
        by_key.setdefault(fault["key"], []).append(fault)
    return [
        Finding(
            key=key,
            column=faults[0]["column"],
            text=row.cells.get(key, ""),
            severity=faults[0]["severity"],
            details=[
                (each["severity"], each["detail"], remedy(each["code"]), each.get("twins", ())) for each in faults
            ],
            is_open=may_correct and key in kind.by_key and faults[0]["severity"] == "error",
        )
        for key, faults in by_key.items()
    ]


def _cells(kind, sheet_import, row):
    """Every cell of a row: those with a fault first, then the others of the file, then what the file lacks."""
    told = {
        each.key: [detail for _severity, detail, *_more in each.details]
        for each in _findings(kind, row, may_correct=True)
    }
    order = sorted(
        (column for column in kind.columns if not column.is_exported or column.key in sheet_import.mapping),
        key=lambda column: (column.key not in told, column.key not in sheet_import.mapping),
    )
    return [
        (
            column.key,
            sheet_import.mapping.get(column.key, {}).get("header") or str(column.label),
            row.cells.get(column.key, ""),
            told.get(column.key, []),
        )
        for column in order
    ]


def _changes(kind, row, say):
    if row.outcome == "updated":
        return [(kind.field_label(name), say(name, old), say(name, new)) for name, (old, new) in row.changes.items()]
    if row.outcome == "created":
        shown = {kind.title_column, kind.key_column, *kind.hidden}
        return [(kind.field_label(name), "", say(name, new)) for name, new in row.values.items() if name not in shown]
    return []
