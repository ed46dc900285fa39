"""Pages of an enterprise's report: filled in, received, and what was changed in it."""

from dataclasses import replace
from datetime import date

from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView
from django.views.generic.detail import SingleObjectMixin

from enterprises.register.models import Enterprise
from enterprises.resumption import policies, services
from enterprises.resumption.filing import judgement, revisions
from enterprises.resumption.filing.forms import ReportForm
from enterprises.resumption.words import Channel, due_words
from whitelist.core.access import FormPage
from whitelist.core.days import ONE, parse_day, today, yesterday
from whitelist.core.errors import DomainError


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
