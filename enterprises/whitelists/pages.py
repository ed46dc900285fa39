"""Pages of lists: which there are, what one contains on any day, what changed between two, and one's own listing."""

from django.utils.translation import gettext as _
from django.views.generic import DetailView, FormView, TemplateView

from enterprises.models import Listing, WhiteList
from enterprises.whitelists import columns, exports, policies, services, standing
from enterprises.whitelists.filters import ListingTableFilter, WhiteListTableFilter
from enterprises.whitelists.forms import DiffForm, WhiteListForm
from enterprises.whitelists.tables import Sections, Table
from whitelist.audit.services import timeline
from whitelist.core.access import FormPage, Page
from whitelist.core.compiled import prepared
from whitelist.core.days import parse_day, today
from whitelist.core.tables import TablePage

BATCHES_SHOWN = 12


def asked_day(request):
    """The day of the address, today where it names none."""
    text = request.GET.get("as_of")
    return parse_day(text, field="as_of") if text else today()


class WhiteListListPage(TablePage):
    model = WhiteList
    access = policies.may_read_lists
    filterset_class = WhiteListTableFilter
    template_name = "enterprises/whitelists/white_list_list.html"
    export_name = "white-lists"

    def narrow(self, queryset):
        """For a file, or to sort by what is counted, the database counts; the rows of a page are told after."""
        return queryset.for_table() if {"export", "sort"} & self.request.GET.keys() else queryset.for_rows()

    def columns(self):
        return columns.lists()

    def get_context_data(self, **kwargs):
        may_open = policies.may_open_list(self.request.user)
        context = super().get_context_data(may_open=may_open, today=today(), **kwargs)
        standing.tell(list(context["page_obj"]))
        return context


class WhiteListAddPage(FormPage, FormView):
    access = policies.may_open_list
    form_class = WhiteListForm
    template_name = "enterprises/whitelists/white_list_add.html"

    def perform(self, form):
        user = self.request.user
        self.made = services.open_list(office=user.office, by=user, **form.cleaned_data)
        return _("The list is open. Its content comes by batches.")

    def get_success_url(self):
        return self.made.get_absolute_url()


class WhiteListPage(Page, DetailView):
    """What the list contains on a day, and the batches that made it so."""

    model = WhiteList
    access = policies.may_read_lists
    template_name = "enterprises/whitelists/white_list_detail.html"

    def narrow(self, queryset):
        return queryset.select_related("office")

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        self.day = asked_day(request)
        rows = self.object.listings.visible_to(request.user).in_force(self.day).of_one_list()
        self.table = Table(request, rows, ListingTableFilter)
        if self.table.export_form:
            about = [(_("White list"), self.object), (_("As of"), self.day)]
            held = exports.CONTENT if exports.is_asked(request) else columns.listings()
            return self.table.answer(f"list-{self.object.pk}-{self.day}", held, about)
        return self.render_to_response(self.get_context_data(object=self.object))

    def get_context_data(self, **kwargs):
        is_kept_here = self.request.user.covers(self.object.office.division_id)
        shown = self.batches()
        if is_kept_here:
            self.table.all_rows = self.counted(shown)
        return super().get_context_data(
            white_list=self.object,
            day=self.day,
            is_today=self.day == today(),
            table=self.table,
            filter=self.table.filter,
            page_obj=self.table.page,
            batches=shown[:BATCHES_SHOWN],
            has_more_batches=len(shown) > BATCHES_SHOWN,
            may_draft=policies.may_draft_on(self.request.user, self.object) and not self.object.closed_on,
            is_kept_here=is_kept_here,
            timeline=timeline(self.object) if is_kept_here else [],
            **kwargs,
        )

    def batches(self):
        """The newest batches, one more than are shown, each with the one published before it."""
        with prepared():
            shown = list(self.object.batches.visible_to(self.request.user).beside_list()[: BATCHES_SHOWN + 1])
        known = {batch.number: batch.pk for batch in shown}
        for batch in shown:
            batch.before_pk = known.get(batch.number - 1) if batch.number else None
        return shown

    def counted(self, shown):
        """How many stand on the list on the day, for those who see them all; None where the database has to count."""
        last = max((batch for batch in shown if batch.number), key=lambda batch: batch.number, default=None)
        if last is None:
            return None
        known = {self.object.pk: standing.Last(last.pk, last.number, last.effective_on, last.file_hash)}
        return standing.standing_on([self.object], self.day, last=known)[self.object.pk].total()


class WhiteListDiffPage(Page, DetailView):
    """What was added, removed and amended between two days, or between two batches."""

    model = WhiteList
    access = policies.may_read_lists
    template_name = "enterprises/whitelists/white_list_diff.html"

    def narrow(self, queryset):
        return queryset.select_related("office")

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        form = DiffForm(request.GET, white_list=self.object, user=request.user)
        first, second, changes = form.changes()
        sections = Sections(request, changes)
        if sections.export_form:
            about = [(_("White list"), self.object), (_("From"), first or _("the empty list")), (_("To"), second)]
            return sections.answer(f"list-{self.object.pk}-difference", columns.changes(), about, model=Listing)
        context = self.get_context_data(
            white_list=self.object, form=form, first=first, second=second, sections=sections, by_batch=form.by_batch
        )
        return self.render_to_response(context, status=200 if form.is_valid() else 400)


class OwnListingPage(Page, TemplateView):
    """An enterprise's own listings: on which lists, since when, by which batch, and those that have ended."""

    model = Listing
    access = policies.may_read_own_listing
    template_name = "enterprises/whitelists/own_listing.html"

    def narrow(self, queryset):
        return queryset.for_enterprise()

    def get_context_data(self, **kwargs):
        listings = list(self.get_queryset())
        day = today()
        standing = [each for each in listings if each.is_in_force(day)]
        past = [each for each in listings if not each.is_in_force(day)]
        enterprise = self.request.user.clerk.enterprise
        return super().get_context_data(enterprise=enterprise, day=day, standing=standing, past=past, **kwargs)
