"""The button that asks for missing reports."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enterprises.resumption import policies
from enterprises.resumption.filters import ReportTableFilter
from enterprises.resumption.models import ReportDue
from enterprises.resumption.reminders import services
from whitelist.core.access import Page
from whitelist.core.days import parse_day


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
        told = services.remind(due, day=day, by=request.user)
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
