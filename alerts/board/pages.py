"""The first page: the board for offices, the day's report for enterprises."""

from datetime import timedelta

from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from alerts.board import cells, export, links, policies
from alerts.board.situation import Situation
from alerts.warnings import services
from enterprises.models import ReportDue
from whitelist.accounts.models import NATION
from whitelist.core.access import Page
from whitelist.core.days import ONE, parse_day, yesterday
from whitelist.core.errors import DomainError, Fault
from whitelist.core.export import Taken, answer
from whitelist.core.templatetags.face import address

WEEK = 7


class BoardPage(Page, TemplateView):
    """One day of one division: what is listed, what runs, what runs out, who is silent. Every number opens its rows."""

    access = policies.may_open_home
    template_name = "alerts/board/board.html"

    def get(self, request, *args, **kwargs):
        if request.user.enterprise_id:
            return redirect("report-today")
        if not policies.may_read_board(request.user):
            return self.response_class(request, "alerts/board/nothing_to_show.html", {}, using=self.template_engine)
        wanted = request.GET.get("export")
        if wanted in ("xlsx", "csv"):
            rows, about = list(export.rows(self.situation)), export.about(self.situation)
            taken = Taken(_("Situation of the listed enterprises"), ReportDue, request.user, len(rows))
            name = f"board-{self.situation.day}"
            return answer(wanted, name, columns=export.columns(), rows=rows, about=about, taken=taken)
        return super().get(request, *args, **kwargs)

    @cached_property
    def asked_day(self):
        text = self.request.GET.get("day")
        day = parse_day(text) if text else None
        if day and day > yesterday():
            told = _("%(day)s is not over yet; its values come with the reports of the day after.") % {"day": day}
            raise DomainError(told, errors=[Fault("day", "not_over", told)])
        return day

    @cached_property
    def situation(self):
        run = services.newest_run(self.asked_day)
        day = self.asked_day or (run.day if run else yesterday())
        back = WEEK if self.request.GET.get("compare") == str(WEEK) else 1
        return Situation(self.request.user, day=day, run=run, back=back)

    @property
    def shown(self):
        """The figure that colours the grid."""
        wanted = self.request.GET.get("figure")
        return wanted if wanted in cells.SHOWN else "resumed"

    def get_context_data(self, **kwargs):
        situation, query = self.situation, self.request.GET
        office, scale = self.request.user.office, cells.SHOWN[self.shown]
        other = 1 if situation.back == WEEK else WEEK
        is_nation = office.division_id == NATION
        context = {
            "situation": situation,
            "day": situation.day,
            "run": situation.run,
            "division": office.division,
            "is_nation": is_nation,
            "is_stale": self.asked_day is None and services.is_stale(situation.run),
            "previous": {"day": situation.day - ONE, "href": address(query, day=situation.day - ONE)},
            "following": {"day": situation.day + ONE, "href": address(query, day=situation.day + ONE)}
            if situation.day < yesterday()
            else None,
            "other": {"day": situation.day - timedelta(days=other), "href": address(query, compare=other)},
            "exports": {form: address(query, export=form) for form in ("xlsx", "csv")},
            "is_empty": not situation.total.sums["due"],
        }
        if not context["is_empty"]:
            context |= {
                "reported": situation.reported,
                "strip": cells.strip(situation),
                "tiles": list(cells.tiles(situation, self.shown)) if is_nation else [],
                "divisions": [] if is_nation else list(cells.divisions(situation)),
                "chains": list(cells.chains(situation)),
                "lines": cells.lines(situation),
                "newly_red": situation.newly_red,
                "all_new": {"count": situation.new_count, "href": links.warnings(situation.day, level="red", new=1)},
                "all_red": {"count": situation.warned_total["red"], "href": links.warnings(situation.day, level="red")},
                "scale": scale,
                "shown": self.shown,
                "choices": [(name, each.label) for name, each in cells.SHOWN.items()],
            }
        return super().get_context_data(**kwargs, **context)
