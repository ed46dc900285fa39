"""The report of a day, the rows behind every rate, and the reminder to the silent."""

from dataclasses import replace
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import FormView
from django.views.generic.detail import SingleObjectMixin

from enterprises.register.models import Enterprise
from enterprises.resumption import exports, judgement, metrics, policies, reminders, revisions, services
from enterprises.resumption.filters import PopulationFilter, ReportTableFilter
from enterprises.resumption.forms import ReportForm
from enterprises.resumption.models import Answer, ReportDue
from enterprises.resumption.words import Channel, due_words
from whitelist.core.access import FormPage, Page
from whitelist.core.days import ONE, parse_day, today, yesterday
from whitelist.core.errors import DomainError
from whitelist.core.tables import TablePage
from whitelist.core.templatetags.face import address, quantity
from whitelist.core.templatetags.face import day as long_day
from whitelist.sheets.policies import may_import

KEPT = ("list", "batch", "tag", "region", "metric", "part", "answer", "carried", "sort")
ROW_FILTERS = ("metric", "part", "answer", "state", "carried")


class ReportDayPage(FormPage, SingleObjectMixin, FormView):
    """One enterprise's report for one day: the form while it is to be sent or corrected, else the receipt."""

    model = Enterprise
    access = policies.may_read_reports
    form_class = ReportForm
    context_object_name = "enterprise"
    asked: tuple = ()

    def get_object(self, queryset=None):
        found = self.get_queryset().named(self.kwargs["code"]).first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def day(self):
        return self.kwargs["day"]

    @cached_property
    def start(self):
        return services.start_of(self.object, self.day)

    @cached_property
    def faults(self):
        return judgement.faults_of_day(self.day)

    @cached_property
    def may_file(self):
        return not self.faults and policies.may_file_report_of(self.request.user, self.object)

    @property
    def shows_form(self):
        return self.request.method == "POST" or (
            self.may_file and (not self.start.report or "correct" in self.request.GET)
        )

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        services.require_filer(self.object, by=request.user)
        return super().post(request, *args, **kwargs)

    def get_template_names(self):
        form, filed = "enterprises/resumption/report_form.html", "enterprises/resumption/report_filed.html"
        return [form if self.shows_form else filed]

    def get_form_kwargs(self):
        others = services.other_materials(self.object, [line.material for line in self.start.lines])
        told = {**super().get_form_kwargs(), "start": self.start, "others": others}
        told.pop("initial")
        if "same" in self.request.POST and "state" not in self.request.POST:
            told["data"] = {each.html_name: each.value() for each in ReportForm(start=self.start, others=others)}
        return told

    def form_valid(self, form):
        """An unusual value is asked about once; with a reason it is accepted."""
        told = (self.object, self.day, form.values(), form.stock)
        self.asked = [] if judgement.faults_in(*told) else services.open_questions(*told)
        if self.asked:
            form.fields["reason"].widget.attrs["autofocus"] = True
            return self.form_invalid(form)
        return super().form_valid(form)

    def perform(self, form):
        channel = Channel.PAGE if self.request.user.enterprise_id else Channel.OFFICE
        filing = {"values": form.values(), "stock": form.stock, "by": self.request.user, "channel": channel}
        try:
            self.report, made = services.file_report(self.object, self.day, **filing)
        except DomainError as refusal:
            refusal.errors = [replace(fault, pointer=form.field_of(fault.pointer)) for fault in refusal.errors]
            raise
        said = _("Report sent. Receipt %(receipt)s.") if made else _("Report corrected. Receipt %(receipt)s.")
        return said % {"receipt": self.report.receipt}

    def near(self):
        """The days before and after for which a report could be opened."""
        days = {"before": self.day - ONE, "after": self.day + ONE} if date.min < self.day < date.max else {}
        return {key: None if judgement.faults_of_day(day) or day >= today() else day for key, day in days.items()}

    def get_success_url(self):
        return self.report.get_absolute_url()

    def get_context_data(self, **kwargs):
        due_at = None if self.faults else services.deadline(self.object, self.day)
        told = {
            "day": self.day,
            "report": self.start.report,
            "last": self.start.last,
            "faults": self.faults,
            "may_file": self.may_file,
            "is_own": self.request.user.enterprise_id == self.object.pk,
            "due": due_words(due_at, timezone.now()) if due_at else "",
            "is_late": bool(due_at) and timezone.now() > due_at,
            "asked": self.asked,
            "near": self.near(),
        }
        if self.shows_form:
            form = kwargs.pop("form", None) or self.get_form()
            told |= {"form": form, "notes": form.notes(), "materials": list(form.materials()), "new": form.new_row()}
        else:
            kwargs.setdefault("form", None)
            told |= {"entries": revisions.history(self.start.report) if self.start.report else []}
        return super().get_context_data(**told, **kwargs)


class ReportTodayPage(ReportDayPage):
    """An enterprise's own report, of yesterday's values unless another day is asked for."""

    access = policies.may_read_reports

    @cached_property
    def day(self):
        text = self.request.GET.get("day")
        return parse_day(text) if text else yesterday()

    def get_object(self, queryset=None):
        found = self.get_queryset().filter(pk=self.request.user.enterprise_id).first()
        if found is None:
            raise Http404
        return found

    def get(self, request, *args, **kwargs):
        if not request.user.enterprise_id:
            return HttpResponseRedirect(reverse("report-list"))
        return super().get(request, *args, **kwargs)


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


class RemindPage(Page):
    """Ask the chosen enterprises, or all the silent of a filter, for their missing report."""

    model = ReportDue
    access = policies.may_remind
    http_method_names = ("post", "options")

    def post(self, request, *args, **kwargs):
        query = QueryDict(request.POST.get("query", ""))
        day = parse_day(request.POST.get("day", ""))
        back = HttpResponseRedirect(f"{reverse('report-list')}?{query.urlencode()}")
        due = self.chosen(day, query)
        if due is None:
            messages.error(request, _("Choose the enterprises to remind first."))
            return back
        told = reminders.remind(due, day=day, by=request.user)
        self.say(told)
        return back

    def chosen(self, day, query):
        """The rows ticked, or all of the filter; None where nothing was chosen."""
        codes = set(self.request.POST.getlist("enterprise"))
        if codes:
            due = self.get_queryset().on(day).of(codes)
            if due.count() < len(codes):
                raise Http404
            return due
        if "all" not in self.request.POST:
            return None
        query = query.copy()
        query["day"] = str(day)
        found = ReportTableFilter(query, self.get_queryset().judged().with_shares(), request=self.request)
        return found.qs if found.is_valid() else self.get_queryset().none()

    def say(self, told):
        new, before, nobody = len(told.new), len(told.before), len(told.unreachable)
        messages.success(
            self.request,
            ngettext("%(n)s enterprise was reminded.", "%(n)s enterprises were reminded.", new) % {"n": new},
        )
        if before:
            said = ngettext("%(n)s had been reminded today already.", "%(n)s had been reminded today already.", before)
            messages.info(self.request, said % {"n": before})
        if nobody:
            said = ngettext(
                "%(n)s of them has no user who could read it; call there.",
                "%(n)s of them have no users who could read it; call there.",
                nobody,
            )
            messages.warning(self.request, said % {"n": nobody})
