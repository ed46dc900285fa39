"""What people can do about each kind of fault, in one sentence."""

from django.utils.translation import gettext_lazy as _

ANYWAY = _("Correct the cell here, or in your file and upload it again.")
SAY_WHICH = _("Write the six digits of the division, or its full name with the province before it.")
LOOK_UP = _("Compare the code with the licence and correct it; a letter O is often a zero.")
REMEDIES = {
    "ambiguous_division": SAY_WHICH,
    "cell_error": _("Mend the formula in the file, or write the value here."),
    "changed_since_export": _("Export the rows again and repeat your change there, or clear the version to insist."),
    "code_length": _("Write all 18 characters of the code, or the 15 of an old registration number."),
    "code_required": _("Write the code; without it a row cannot be told from others."),
    "code_was_number": _("Nothing needs to be done. Format the column as text, so that no later code loses digits."),
    "contradicts_row": _("Decide which row is right, and correct or leave out the other."),
    "division_renamed": _("Nothing needs to be done if that is the place; else write the division of today."),
    "division_required": _("Write the division in which the plant stands."),
    "division_zone": _("Nothing needs to be done if that is the place; else write the division that it lies in."),
    "duplicate_row": _("Nothing needs to be done: the rows count as one."),
    "industry_several": _("Nothing needs to be done if the first is right; else write that one alone."),
    "industry_unknown": _("Write two to four digits of GB/T 4754."),
    "name_required": _("Write the name as on the licence."),
    "near_name": _("If it is the same enterprise, take its code; else import the row as a new one."),
    "negative": _("Write the quantity without the minus, or leave the cell blank."),
    "not_a_number": _("Write digits only; the unit belongs into its own column."),
    "outside_division": _("Leave the row out, or ask the office of that division to import it."),
    "own_division": _("Nothing needs to be done if the plant stands there; else write its division."),
    "precision_lost": _("Type the code again from the licence; what the spreadsheet dropped cannot be restored."),
    "registration_check_digit": LOOK_UP,
    "repeats_rejected": _("Correct the row that it repeats; both are judged again."),
    "retired": _("Leave the row out, or look into the register why it was retired."),
    "same_name": _("If it is the same enterprise, take that code; else nothing needs to be done."),
    "too_large": _("Look for a slipped point or a wrong unit."),
    "too_long": _("Shorten the text."),
    "too_wide": _("Write the division in which the plant stands, not the nation."),
    "unknown_choice": _("Write one of the words that are listed."),
    "unknown_division": SAY_WHICH,
    "uscc_charset": LOOK_UP,
    "uscc_check_digit": LOOK_UP,
}


def remedy(code):
    return REMEDIES.get(code, ANYWAY)
