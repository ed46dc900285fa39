"""How enterprises come into a draft: found by a search, or pasted as codes, each with what becomes of it."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from whitelist.core.codes import normalise, read_code

MOST_FOUND = 8


def candidates(batch, text, *, by):
    """Enterprises of the user's scope that fit a search, with `is_listed` and `wish`, their action in the draft."""
    if not text.strip():
        return []
    standing = batch.white_list.listings.standing().filter(enterprise=OuterRef("pk"))
    wish = batch.lines.filter(enterprise=OuterRef("pk"))
    found = Enterprise.objects.visible_to(by).matching(text).for_table().select_related("division__parent__parent")
    return list(found.annotate(is_listed=Exists(standing), wish=Subquery(wish.values("action")[:1]))[: MOST_FOUND + 1])


def known(codes, *, by):
    """The enterprises of the user's scope with these codes, by their code."""
    codes = {normalise(code) for code in codes}
    named = Enterprise.objects.visible_to(by).filter(Q(uscc__in=codes) | Q(registration_no__in=codes))
    return {each.code: each for each in named}


@dataclass(frozen=True)
class Verdict:
    """What was typed, and the enterprise it means or the sentence why it means none."""

    typed: str
    enterprise: Enterprise | None
    detail: str = ""

    @property
    def is_taken(self):
        return self.enterprise is not None


def judge(lines, *, by):
    """A verdict for each typed line, in their order. Only enterprises within the user's scope are known."""
    read = [read_code(line) for line in lines]
    found = known([each.code for each in read if not each.fault], by=by)
    seen, verdicts = set(), []
    for line, code in zip(lines, read, strict=True):
        if code.fault:
            verdicts.append(Verdict(line, None, str(code.detail)))
        elif code.code in seen:
            verdicts.append(Verdict(line, None, _("This code stands further up already.")))
        elif code.code not in found:
            told = _("There is no enterprise with this code in your division.")
            verdicts.append(Verdict(line, None, f"{told} {code.detail}" if code.doubt else told))
        else:
            verdicts.append(Verdict(line, found[code.code], str(code.detail) if code.doubt else ""))
        seen.add(code.code)
    return verdicts
