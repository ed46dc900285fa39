"""How enterprises come into a draft: found by a search, or pasted as codes, each with what becomes of it."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from whitelist.core.codes import normalise, read_code

MOST_FOUND = 8


def candidates(batch, text, *, by):
    """Enterprises of the user's scope that fit a search, with `is_listed` and `wish`, their action in the draft.

    Those that are not listed yet come first: a draft mostly adds.
    """
    if not text.strip():
        return []
    standing = batch.white_list.listings.standing().filter(enterprise=OuterRef("pk"))
    wish = batch.lines.filter(enterprise=OuterRef("pk"))
    found = Enterprise.objects.visible_to(by).matching(text)
    found = found.annotate(is_listed=Exists(standing), wish=Subquery(wish.values("action")[:1]))
    return list(found.order_by("is_listed", "name", "pk")[: MOST_FOUND + 1])


def known(codes, *, by):
    """The enterprises of the user's scope with these codes, by their code."""
    codes = {normalise(code) for code in codes if "\x00" not in code}
    named = Enterprise.objects.visible_to(by).filter(Q(uscc__in=codes) | Q(registration_no__in=codes))
    return {each.code: each for each in named}


@dataclass(frozen=True)
class Verdict:
    """What was typed, and the enterprise it means or the sentence why it means none."""

    typed: str
    enterprise: Enterprise | None
    detail: str = ""
    is_repeated: bool = False

    @property
    def is_taken(self):
        return self.enterprise is not None and not self.is_repeated

    @property
    def is_open(self):
        """Whether somebody still has to look at what was typed."""
        return self.enterprise is None


def judge(batch, lines, *, by):
    """A verdict for each typed line, in their order. Only enterprises within the user's scope are known."""
    read = [read_code(line) for line in lines]
    found = known([each.code for each in read if not each.fault], by=by)
    wished = set(batch.lines.values_list("enterprise_id", flat=True))
    seen, verdicts = set(), []
    for line, code in zip(lines, read, strict=True):
        enterprise = None if code.fault else found.get(code.code)
        if code.fault:
            told = str(code.detail)
        elif code.code in seen:
            told = _("It stands further up already.")
        elif enterprise is None:
            told = " ".join([_("There is no enterprise with this code in your division."), str(code.detail)]).strip()
        elif enterprise.pk in wished:
            told = _("It stood in the batch already; its line was replaced.")
        else:
            told = str(code.detail)
        verdicts.append(Verdict(line, enterprise, told, is_repeated=code.code in seen))
        seen.add(code.code)
    return verdicts
