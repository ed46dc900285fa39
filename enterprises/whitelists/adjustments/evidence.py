"""The evidence of a proposal in one sentence with its numbers."""

from datetime import date

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from enterprises.register.words import RetireReason, Standing
from enterprises.whitelists.adjustments.words import Ground
from whitelist.core.templatetags.face import day, quantity


def _day(text):
    return day(date.fromisoformat(text)) if text else ""


def _resumed(told):
    values = {"days": told["days"], "reports": told["reports"], "output": quantity(told["output"])}
    if told["output"] is None:
        return _("Producing on each of the last %(days)s days, by %(reports)s reports.") % values
    sentence = _(
        "Producing on each of the last %(days)s days, by %(reports)s reports; on average %(output)s %% of normal."
    )
    return sentence % values


def _silent(told):
    if told["last_report"] is None:
        sentence = ngettext(
            "No report for %(days)s day; none before.", "No report for %(days)s days; none before.", told["days"]
        )
        return sentence % {"days": told["days"]}
    sentence = ngettext(
        "No report for %(days)s day; the last one was for %(last)s.",
        "No report for %(days)s days; the last one was for %(last)s.",
        told["days"],
    )
    return sentence % {"days": told["days"], "last": _day(told["last_report"])}


def _retired(told):
    words = dict(RetireReason.choices) | dict(Standing.choices)
    why = str(words.get(told["reason"] or told["standing"], ""))
    values = {"why": why, "on": _day(told["retired_on"]), "since": _day(told["listed_since"])}
    if told["retired_on"]:
        return _("No longer active since %(on)s (%(why)s), listed since %(since)s.") % values
    return _("No longer active (%(why)s), listed since %(since)s.") % values


def _supplier_in_red(told):
    chinese = (get_language() or "").startswith("zh")
    values = {
        "buyer": told["buyer"],
        "material": told["material"] if chinese else told["material_en"] or told["material"],
        "since": _day(told["since"]),
        "others": told["buyers"] - 1,
    }
    if told["buyers"] > 1:
        said = ngettext(
            "Supplies %(buyer)s, red for %(material)s since %(since)s, and %(others)s more listed enterprise in red.",
            "Supplies %(buyer)s, red for %(material)s since %(since)s, and %(others)s more listed enterprises in red.",
            told["buyers"] - 1,
        )
    else:
        said = _("Supplies %(buyer)s, which is listed and red for %(material)s since %(since)s.")
    return " ".join([said % values, *([_("It is the sole source.")] if told["sole"] else [])])


SENTENCES = {
    Ground.RESUMED: _resumed,
    Ground.SILENT: _silent,
    Ground.RETIRED: _retired,
    Ground.SUPPLIER_IN_RED: _supplier_in_red,
}


def sentence_of(proposal):
    return SENTENCES[proposal.ground](proposal.evidence)
