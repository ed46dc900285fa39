"""Pages of warnings: the day's list, one episode with all that belongs to it, and answering for it."""

from django.core.paginator import Paginator
from django.db.models import F
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import DetailView

from alerts.models import Assessment, Warning
from alerts.rules.services import general_rule
from alerts.warnings import around, export, policies, services
from alerts.warnings.filters import WarningFilter
from alerts.warnings.forms import NoteForm
from alerts.warnings.why import days, remedy, runs_out_on, why
from enterprises.models import Chain
from whitelist.audit.services import timeline
from whitelist.core.access import Page, StepPage
from whitelist.core.days import parse_day
from whitelist.core.errors import DomainError, Fault, WrongState
from whitelist.core.export import Taken, answer
from whitelist.core.tables import TablePage, in_words
from whitelist.core.templatetags.face import address, short_day

ORDERS = {
    "cover": (F("cover").asc(nulls_last=True), "rank", "enterprise__name", "pk"),
    "enterprise": ("enterprise__name", "rank", "pk"),
    "material": ("material__code", "rank", "enterprise__name", "pk"),
    "since": ("warning__opened_on", "rank", "enterprise__name", "pk"),
}
REVERSED = {
    "cover": (F("cover").desc(nulls_last=True), "rank", "enterprise__name", "pk"),
    "enterprise": ("-enterprise__name", "rank", "pk"),
    "material": ("-material__code", "rank", "enterprise__name", "pk"),
    "since": ("-warning__opened_on", "rank", "enterprise__name", "pk"),
}


class CountedPaginator(Paginator):
    """A paginator whose number of rows is known already, from the strip above the list."""

    known = 0

    @property
    def count(self):
        return self.known


class WarningListPage(TablePage):
    """Who runs out of what, on one day: the worst first, each with the sentence why."""

    model = Assessment
    access = policies.may_read_warnings
    filterset_class = WarningFilter
    template_name = "alerts/warnings/warning_list.html"
    paginator_class = CountedPaginator

    @cached_property
    def asked_day(self):
        text = self.request.GET.get("day")
        return parse_day(text) if text else None

    @cached_property
    def run(self):
        return services.newest_run(self.asked_day)

    def narrow(self, queryset):
        if self.run is None:
            return queryset.none()
        rows = queryset.on(self.run.day).warned().with_news(self.run.day)
        rows = rows.with_story().for_table() if self.request.GET.get("export") else rows.for_page()
        sort = self.request.GET.get("sort", "")
        order = (REVERSED if sort.startswith("-") else ORDERS).get(sort.lstrip("-"))
        return rows.order_by(*order) if order else rows

    def render_to_response(self, context, **kwargs):
        wanted = self.request.GET.get("export")
        if wanted not in ("xlsx", "csv"):
            return super().render_to_response(context, **kwargs)
        if self.run is None:
            raise WrongState(_("There is no run of that day yet, so there is nothing to take away."))
        about = export.about(self.run, str(self.request.user.belongs_to))
        rows = export.lines(self.object_list)
        count, title = context["paginator"].count, _("Supply warnings")
        taken = Taken(title, self.model, self.request.user, count, in_words(self.filterset))
        name = f"warnings-{self.run.day}"
        return answer(wanted, name, columns=export.columns(), rows=rows, about=about, taken=taken)

    @cached_property
    def strip(self):
        """Counts by level; nothing where there is no run or a filter cannot be read."""
        asked = self.filterset
        return asked.strip() if self.run and (asked.form.is_valid() or not asked.is_bound) else None

    def cells(self):
        """The strip: what it counts, how many, and the address of exactly those rows."""
        if self.strip is None:
            return []
        fresh = dict.fromkeys(("level", "new", "acknowledged", "grey", "page", "export"))
        told = (
            (_("Red"), "red", {"level": "red"}, "worse"),
            (_("Newly red"), "new", {"level": "red", "new": 1}, "worse"),
            (_("Red, not acknowledged"), "unacknowledged", {"level": "red", "acknowledged": 0}, "worse"),
            (_("Yellow"), "yellow", {"level": "yellow"}, "attention"),
            (_("Blue"), "blue", {"level": "blue"}, "info"),
            (_("No data"), "grey", {"level": "grey"}, ""),
        )
        return [
            {
                "label": label,
                "value": self.strip[name],
                "href": address(self.request.GET, **{**fresh, **facet}),
                "tone": tone if self.strip[name] else "",
            }
            for label, name, facet, tone in told
        ]

    def get_paginator(self, queryset, per_page, **kwargs):
        paginator = super().get_paginator(queryset, per_page, **kwargs)
        paginator.known = self.strip["shown"] if self.strip else 0
        return paginator

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            run=self.run,
            day=self.run.day if self.run else self.asked_day,
            is_stale=self.asked_day is None and services.is_stale(self.run),
            strip=self.strip,
            cells=self.cells(),
            asked={name: self.request.GET.get(name, "") for name in ("day", *WarningFilter.base_filters)},
            chains=Chain.choices,
            general=general_rule(self.run.day) if self.run else None,
        )


class WarningPage(Page, DetailView):
    """One episode: how it stands, why, what ends it, who is hit and who else has the material, and who answered."""

    model = Warning
    access = policies.may_read_warnings
    template_name = "alerts/warnings/warning_detail.html"

    def narrow(self, queryset):
        return queryset.select_related("enterprise", "material", "acknowledged_by")

    def get_context_data(self, **kwargs):
        warning, user = self.object, self.request.user
        judged = services.story_of(warning)
        last = judged[-1]
        ends = runs_out_on(last)
        return super().get_context_data(
            **kwargs,
            judged=judged,
            last=last,
            why=why(last, last.arrivals),
            remedy=None if warning.cleared_on else remedy(last),
            cover=None if last.is_grey or last.cover is None else days(last.cover),
            reading=short_day(last.read_on) if last.read_on else _("none"),
            lasts_until=_("until %(day)s") % {"day": short_day(ends)} if ends else "",
            changes=services.changes_in(judged),
            alternates=around.first(around.alternates(warning, user, last.day)),
            suppliers=around.first(around.upstream(warning, user)),
            buyers=around.first(around.downstream(warning, user)),
            entries=timeline(warning),
            note_form=NoteForm(),
            may_acknowledge=policies.may_acknowledge(user) and not (warning.cleared_on or warning.acknowledged_at),
        )


class WarningAcknowledgePage(StepPage):
    """Somebody says: I answer for this one."""

    model = Warning
    access = policies.may_acknowledge

    def perform(self, warning):
        form = NoteForm(self.request.POST)
        if not form.is_valid():
            raise DomainError(errors=[Fault("note", "invalid", text) for text in form.errors["note"]])
        services.acknowledge(warning, by=self.request.user, note=form.cleaned_data["note"])
        return _("You answer for this warning now; it climbs no further.")
