"""A closing report as people read it: its rows under their headings, and all of it as one table to take away."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from enterprises.register.words import Chain
from enterprises.whitelists.closing.models import ListClosing
from whitelist.accounts.models import Division
from whitelist.core import export
from whitelist.core.days import parse_day


class Reading:
    """The body of a report with the words of the reader's language."""

    def __init__(self, report):
        self.report, self.body = report, report.body
        self.total = self.body["total"]
        self.batches = [row | {"effective_on": parse_day(row["effective_on"])} for row in self.body["batches"]]
        self.median = self.body["time"]["median_days"]

    @property
    def chains(self):
        words = dict(Chain.choices)
        return [row | {"name": capfirst(str(words.get(row["key"], _("no chain"))))} for row in self.body["chains"]]

    @property
    def divisions(self):
        codes = {row["key"]: row["key"].ljust(6, "0") for row in self.body["divisions"]}
        names = {each.code: str(each) for each in Division.objects.filter(code__in=codes.values())}
        rows = [row | {"name": names.get(codes[row["key"]], row["key"])} for row in self.body["divisions"]]
        return sorted(rows, key=lambda row: (-row["enterprises"], row["key"]))

    @property
    def spans(self):
        return [row | {"name": span_said(row["from"], row["below"])} for row in self.body["time"]["spans"]]

    @property
    def days(self):
        return [row | {"on": parse_day(row["day"])} for row in self.body.get("resumption", [])]

    @property
    def resumption(self):
        """The line of the resumption rate, for the chart."""
        points = [(row["on"], None if row["rate"] is None else float(row["rate"]), False) for row in self.days]
        return [{"key": "resumed", "label": _("Resumed"), "points": points, "tone": 1}] if points else []

    def rows(self):
        """(part, of what, figure, value), one row for each number of the report."""
        listed, at_end = _("Enterprises"), _("On the last day")
        yield _("In all"), self.body["white_list"]["title"], listed, self.total["enterprises"]
        yield _("In all"), self.body["white_list"]["title"], at_end, self.total["at_end"]
        counts = (("added", _("Added")), ("removed", _("Removed")), ("amended", _("Amended")), ("at_end", at_end))
        for batch in self.batches:
            name = f"{batch['number']} {batch['title']}"
            yield from ((_("By batch"), name, label, batch[key]) for key, label in counts)
        for heading, rows in ((_("By chain"), self.chains), (_("By division"), self.divisions)):
            for row in rows:
                yield heading, row["name"], listed, row["enterprises"]
                yield heading, row["name"], at_end, row["at_end"]
        yield from ((_("Time on the list"), row["name"], listed, row["enterprises"]) for row in self.spans)
        yield _("Time on the list"), _("the middle enterprise"), _("Days"), self.median
        for row in self.days:
            yield _("Resumption"), row["day"], _("Should work"), row["denominator"]
            yield _("Resumption"), row["day"], _("Enterprises that resumed"), row["numerator"]
            yield _("Resumption"), row["day"], _("Rate, %"), row["rate"]

    def answer(self, form, *, by):
        """The report as a workbook or CSV."""
        rows = list(self.rows())
        closing = self.report.closing
        about = [
            (_("White list"), self.body["white_list"]["title"]),
            (_("Office"), closing.white_list.office),
            (_("Ended on"), closing.ends_on),
            (_("SHA-256 of the report"), self.report.file_hash),
        ]
        taken = export.Taken(_("Closing report"), ListClosing, by, len(rows))
        name = f"list-{closing.white_list_id}-closing-report"
        columns = [_("Part"), _("Of what"), _("Figure"), _("Value")]
        return export.answer(form, name, columns=columns, rows=rows, about=about, taken=taken)


def span_said(first, below):
    if below is None:
        return _("%(first)s days and more") % {"first": first}
    return _("%(first)s to %(last)s days") % {"first": first, "last": below - 1}
