"""The rows behind every rate of a day, with the figures of the population on top."""

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from enterprises.resumption import metrics, policies, services
from enterprises.resumption.filters import PopulationFilter, ReportTableFilter
from enterprises.resumption.models import Answer, ReportDue
from enterprises.resumption.workbooks import exports
from whitelist.core.days import ONE, parse_day, today, yesterday
from whitelist.core.errors import DomainError
from whitelist.core.tables import TablePage
from whitelist.core.templatetags.face import address, quantity
from whitelist.core.templatetags.face import day as long_day
from whitelist.sheets.policies import may_import

KEPT = ("list", "batch", "tag", "region", "metric", "part", "answer", "carried", "sort")
ROW_FILTERS = ("metric", "part", "answer", "state", "carried")


class ReportListPage(TablePage):
    """The very rows behind every rate of a day, with the figures of the population on top."""

    model = ReportDue
    access = policies.may_read_reports
    filterset_class = ReportTableFilter
    template_name = "enterprises/resumption/report_list.html"
    export_name = "reports"

    def narrow(self, queryset):
        return queryset.judged().with_shares().with_reminders().for_table()

    def get(self, request, *args, **kwargs):
        query = request.GET.copy()
        if not query.get("day"):
            query["day"] = str(yesterday())
        request.GET = query
        self.figures = self.population()
        return super().get(request, *args, **kwargs)

    @cached_property
    def day(self):
        try:
            return parse_day(self.request.GET["day"])
        except DomainError:
            return None

    def population(self):
        """The figures of everybody the filter is about; a day that is over is frozen before it is first counted."""
        if self.day is None:
            return metrics.total(self.get_queryset().none())
        chosen = PopulationFilter(self.request.GET, metrics.due_on(self.request.user, self.day), request=self.request)
        rows = chosen.qs if chosen.is_valid() else chosen.queryset.none()
        figures = metrics.total(rows)
        return metrics.total(rows.all()) if not figures.sums["due"] and services.freeze_due(self.day) else figures

    def link(self, **changes):
        """The address of the same population with other rows of it."""
        return address(self.request.GET, **(dict.fromkeys((*ROW_FILTERS, "page", "export")) | changes))

    def strip(self):
        """The headline figures, each a way to its rows."""
        figures, sums = self.figures, self.figures.sums
        cells = [
            {
                "label": _("Owed a report"),
                "value": sums["due"],
                "unit": "",
                "href": self.link(),
                "sub": _("listed on the day"),
                "tone": "",
            }
        ]
        for name in ("resumed", "reached", "on_duty"):
            over, under = figures.part(name)
            rate = figures.rate(name)
            cells.append(
                {
                    "label": str(metrics.METRICS[name].name),
                    "value": None if rate is None else str(rate),
                    "unit": "%",
                    "href": self.link(metric=name, part="numerator"),
                    "sub": _("%(over)s of %(under)s") % {"over": quantity(over), "under": quantity(under)},
                    "tone": "",
                }
            )
        share, came = figures.reported_share, sums["answer_on_time"] + sums["answer_late"]
        told = _("%(came)s of %(due)s, %(late)s late")
        cells.append(
            {
                "label": _("Reported"),
                "value": None if share is None else str(share),
                "unit": "%",
                "href": self.link(answer=Answer.ON_TIME.value),
                "sub": told
                % {"came": quantity(came), "due": quantity(sums["due"]), "late": quantity(sums["answer_late"])},
                "tone": "",
            }
        )
        silent = sums["answer_none"]
        carried = _("%(carried)s carried, %(unknown)s not known") % {
            "carried": sums["carried"],
            "unknown": sums["unknown"],
        }
        tone = "worse" if silent else ""
        cells.append(
            {
                "label": _("Silent"),
                "value": silent,
                "unit": "",
                "href": self.link(answer="none"),
                "sub": carried,
                "tone": tone,
            }
        )
        return cells

    def chips(self):
        """The four answers, and what is carried or unknown, each with its number and its rows."""
        sums, now = self.figures.sums, self.request.GET
        chips = [(capfirst(label), sums[f"answer_{value}"], {"answer": value}) for value, label in Answer.choices]
        chips += [
            (_("Carried"), sums["carried"], {"carried": "true"}),
            (_("Not known"), sums["unknown"], {"state": "unknown"}),
        ]
        return [
            {
                "label": label,
                "count": count,
                "href": self.link(**chosen),
                "is_current": all(now.get(k) == v for k, v in chosen.items()),
            }
            for label, count, chosen in chips
        ]

    def behind(self):
        """The figure whose rows are shown, with its definition and the other parts of it."""
        metric = metrics.METRICS.get(self.request.GET.get("metric", ""))
        if metric is None:
            return None
        over, under = (quantity(part) for part in self.figures.part(metric.id))
        part = self.request.GET.get("part") or "denominator"
        names = {"numerator": _("Counted"), "denominator": _("Counted against"), "rest": _("The rest")}
        parts = [
            {"label": name, "href": self.link(metric=metric.id, part=key), "is_current": key == part}
            for key, name in names.items()
        ]
        rate = self.figures.rate(metric.id)
        return {"metric": metric, "over": over, "under": under, "rate": rate, "parts": parts}

    def as_of(self):
        return _("%(day)s, values as of 24:00, Asia/Shanghai") % {"day": long_day(self.day)}

    def definitions(self):
        return [(str(metric.name), str(metric.definition)) for metric in metrics.METRICS.values()]

    def columns(self):
        return exports.COLUMNS

    def get_context_data(self, **kwargs):
        days = {"before": self.day - ONE, "after": self.day + ONE} if self.day and 2000 < self.day.year < 3000 else {}
        silent_only = self.request.GET.get("answer") == Answer.NONE
        return super().get_context_data(
            **kwargs,
            day=self.day,
            now=timezone.now(),
            is_over=self.day is not None and self.day < today(),
            figures=self.figures,
            strip=self.strip(),
            chips=self.chips(),
            behind=self.behind(),
            silent=self.figures.sums["answer_none"],
            silent_only=silent_only,
            may_remind=policies.may_remind(self.request.user) and silent_only,
            may_import=may_import(self.request.user, "daily-reports"),
            query=self.request.GET.urlencode(),
            kept=[(name, value) for name, value in self.request.GET.items() if name in KEPT],
            near={key: address(self.request.GET, day=str(day), page=None) for key, day in days.items()},
        )
