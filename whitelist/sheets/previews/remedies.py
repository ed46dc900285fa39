"""What people can do about each kind of fault, in one sentence."""

from django.utils.translation import gettext_lazy as _

ANYWAY = _("Correct the cell here, or in your file and upload it again.")
SAY_WHICH = _("Write the six digits of the division, or its full name with the province before it.")
LOOK_UP = _("Compare the code with the licence and correct it; a letter O is often a zero.")
BY_CODE = _("Write the code of the enterprise that is meant; its exact name does where only one has it.")
REMEDIES = {
    "already_listed": _("Write amend instead of add, or leave the row out."),
    "ambiguous_enterprise": BY_CODE,
    "ambiguous_material": _("Write the code of the material."),
    "amends_nothing": _("Write the new chain or field, or leave the row out."),
    "beyond_whole": _("Lower the share, or correct that of the other suppliers first."),
    "enterprise_required": BY_CODE,
    "in_other_batch": _("Agree with the authors of that batch which of the two asks for it."),
    "in_use": _("Leave the unit as it is, or enter the material under a new code."),
    "name_differs": _("Nothing needs to be done if the code is right; else correct it."),
    "no_action": _("Nothing needs to be done if the row is to stay as it is; else write an action."),
    "not_active": _("Leave the row out, or look into the register for the enterprise that took its place."),
    "not_listed": _("Write add instead, or leave the row out."),
    "outside_scope": _("Leave the row out, or ask the office of either side to import it."),
    "party_required": BY_CODE,
    "reason_required": _("Write one of the reasons in the list."),
    "share_below_one": _("Nothing needs to be done if so little is meant; else write per cent."),
    "unknown_enterprise": BY_CODE,
    "unknown_material": _("Write a code of the vocabulary; the ministry enters new materials."),
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
