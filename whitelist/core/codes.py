"""Codes of the field and what can be wrong with them. Nothing is silently corrected: what was normalised is said."""

import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc as standard
from stdnum.exceptions import ValidationError as Unreadable
from stdnum.iso7064 import mod_11_10

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
MISTYPED = str.maketrans({"O": "0", "I": "1", "S": "5", "Z": "2", "V": "U"})
CODE = re.compile(rf"(?:[{USCC_ALPHABET}]{{18}}|[0-9]{{15}})")


@dataclass(frozen=True)
class Verdict:
    """A code as read, its kind (`uscc` or `registration_no`), and what is wrong: `fault` refuses, `doubt` only warns."""

    code: str
    kind: str
    fault: str = ""
    doubt: str = ""
    detail: object = ""
    suggestion: str = ""
    normalised: bool = False


def normalise(text):
    """Full-width characters, spaces and lower case brought to the form of the standard."""
    return re.sub(r"[\s\u200b\ufeff]", "", unicodedata.normalize("NFKC", str(text or ""))).upper()


def check_digit(body):
    """The 18th character that GB 32100-2015 demands for the first 17."""
    return standard.calc_check_digit(body)


def read_code(text):
    """Judge a unified social credit code (18) or an old registration number (15).

    Length and characters are faults; a wrong check digit is only a doubt, because genuine codes of 2015 fail it (facts B6).
    """
    code = normalise(text)
    changed = code != str(text or "").strip() or code != str(text or "")
    if len(code) == 15 and code.isascii() and code.isdigit():
        doubt = "" if mod_11_10.is_valid(code) else "registration_check_digit"
        detail = _("The last digit of this registration number does not fit the others.") if doubt else ""
        return Verdict(code, "registration_no", doubt=doubt, detail=detail, normalised=changed)
    if len(code) != 18:
        detail = _("A unified social credit code has 18 characters, an old registration number 15 digits; this has %(n)s.")
        return Verdict(code, "uscc", fault="code_length", detail=detail % {"n": len(code)}, normalised=changed)
    strange = sorted({c for c in code if c not in USCC_ALPHABET})
    if strange:
        likely = _likely(code)
        detail = _("“%(letters)s” never occurs in a unified social credit code.") % {"letters": " ".join(strange)}
        if likely:
            detail = f"{detail} " + str(_("With %(code)s the check digit is right.") % {"code": likely})
        return Verdict(code, "uscc", fault="uscc_charset", detail=detail, suggestion=likely, normalised=changed)
    wanted = check_digit(code[:17])
    if wanted != code[17]:
        detail = _("Check digit: the first 17 characters demand %(wanted)s, the code ends in %(found)s. Compare it with the licence.")
        return Verdict(
            code,
            "uscc",
            doubt="uscc_check_digit",
            detail=detail % {"wanted": wanted, "found": code[17]},
            suggestion=code[:17] + wanted,
            normalised=changed,
        )
    return Verdict(code, "uscc", normalised=changed)


def _likely(code):
    """The code with letters that are easily mistyped put right, if its check digit then fits."""
    candidate = code.translate(MISTYPED)
    try:
        return candidate if standard.calc_check_digit(candidate[:17]) == candidate[17] else ""
    except (Unreadable, ValueError):
        return ""
