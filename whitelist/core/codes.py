"""Codes of the field and what can be wrong with them. Nothing is silently corrected: what was normalised is said."""

import re
import unicodedata
from operator import getitem
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc as standard
from stdnum.iso7064 import mod_11_10

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
VALUES = {char: value for value, char in enumerate(USCC_ALPHABET)}
# What each character counts at its place by GB 32100-2015; with that of the last one the sum is 0 modulo 31.
WEIGHED = [
    {char: value * weight for char, value in VALUES.items()}
    for weight in (*(pow(3, place, 31) for place in range(17)), 1)
]
MISTYPED = str.maketrans({"O": "0", "I": "1", "S": "5", "Z": "2", "V": "U"})
REGISTRATION = re.compile(r"[0-9]{15}|[0-9]{6}NA[0-9]{6}[0-9X]")
CODE = re.compile(rf"(?:[{USCC_ALPHABET}]{{18}}|{REGISTRATION.pattern})")
ORGANISATION = slice(8, 17)
NORMAL = re.compile(r"[0-9A-Z]*")


class Verdict(NamedTuple):
    """A code as read, its kind (`uscc`, `registration_no`), and what is wrong: `fault` refuses, `doubt` only warns."""

    code: str
    kind: str
    fault: str = ""
    doubt: str = ""
    detail: object = ""
    suggestion: str = ""
    normalised: bool = False


def normalise(text):
    """Full-width characters, spaces and lower case brought to the form of the standard."""
    text = str(text or "")
    if NORMAL.fullmatch(text):
        return text
    return re.sub(r"[\s\u200b\ufeff]", "", unicodedata.normalize("NFKC", text)).upper()


def check_digit(body):
    """The 18th character that GB 32100-2015 demands for the first 17."""
    return standard.calc_check_digit(body)


def read_code(text):
    """Judge a unified social credit code (18) or an old registration number (15; that of a cooperative has NA in it).

    Length and characters are faults; a wrong check digit is only a doubt: genuine codes of 2015 fail it (facts B6).
    """
    text = str(text or "")
    if len(text) == 18 and _fits(text):
        return Verdict(text, "uscc")
    code = normalise(text)
    changed = code != text
    if len(code) == 18 and _fits(code):
        return Verdict(code, "uscc", normalised=changed)
    if REGISTRATION.fullmatch(code):
        doubt = "" if not code.isdigit() or mod_11_10.is_valid(code) else "registration_check_digit"
        detail = _("The last digit of this registration number does not fit the others.") if doubt else ""
        return Verdict(code, "registration_no", doubt=doubt, detail=detail, normalised=changed)
    if len(code) != 18:
        detail = _(
            "A unified social credit code has 18 characters, an old registration number 15 digits; this has %(n)s."
        )
        return Verdict(code, "uscc", fault="code_length", detail=detail % {"n": len(code)}, normalised=changed)
    strange = sorted(set(code) - VALUES.keys())
    if strange:
        detail = _("“%(letters)s” never occurs in a unified social credit code.") % {"letters": " ".join(strange)}
        likely = code.translate(MISTYPED)
        if not _fits(likely):
            unsure = _(
                "Perhaps %(code)s was meant, but its check digit does not fit either. Compare it with the licence."
            )
            more = "" if set(likely) - set(USCC_ALPHABET) else unsure % {"code": likely}
            return Verdict(code, "uscc", fault="uscc_charset", detail=f"{detail} {more}".strip(), normalised=changed)
        detail = f"{detail} " + str(_("With %(code)s the check digit is right.") % {"code": likely})
        return Verdict(code, "uscc", fault="uscc_charset", detail=detail, suggestion=likely, normalised=changed)
    detail, likely = _doubt(code)
    return Verdict(code, "uscc", doubt="uscc_check_digit", detail=detail, suggestion=likely, normalised=changed)


def _fits(code):
    """Whether the last of 18 characters is the check digit of the others, told fast enough for a whole register."""
    try:
        return sum(map(getitem, WEIGHED, code)) % 31 == 0
    except KeyError:
        return False


def _inner_fits(code):
    """Whether the organisation code within (characters 9 to 17, GB 11714) has its own check digit right."""
    body = code[ORGANISATION]
    total = sum(int(char, 36) * weight for char, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=False))
    return "0123456789X"[-total % 11] == body[-1]


def _doubt(code):
    """What a wrong check digit most likely means, and the code that was probably meant ('' if that cannot be told)."""
    wanted = check_digit(code[:17])
    first = _("Check digit: the first 17 characters demand %(wanted)s, the code ends in %(found)s.")
    detail, likely = first % {"wanted": wanted, "found": code[17]}, ""
    swapped = [n for n in range(16) if code[n] != code[n + 1] and _fits(s := _exchange(code, n)) and _inner_fits(s)]
    if _inner_fits(code):
        likely = code[:17] + wanted
        more = _(
            "Characters 9 to 17 are right in themselves, so the last one or one of the first eight is mistyped. "
            "Compare it with the licence."
        )
    elif len(swapped) == 1:
        likely = _exchange(code, swapped[0])
        exchanged = _(
            "Characters %(one)s and %(two)s are probably exchanged: %(code)s fits. Compare it with the licence."
        )
        more = exchanged % {"one": swapped[0] + 1, "two": swapped[0] + 2, "code": likely}
    else:
        more = _(
            "The organisation code in characters 9 to 17 does not fit either: "
            "there a character is mistyped or two are exchanged. Compare it with the licence."
        )
    return f"{detail} {more}", likely


def _exchange(code, place):
    return code[:place] + code[place + 1] + code[place] + code[place + 2 :]
