"""Pages of recognition: the agreements, one of them, a proposal, what counts in a division, and the question."""

from django.http import Http404
from django.utils.translation import gettext as _
from django.views.generic import DetailView, FormView, TemplateView
from django.views.generic.edit import FormMixin

from enterprises.models import Listing, Recognition, RecognitionException
from enterprises.recognition import columns, matrix, policies, question, services
from enterprises.recognition.covered import covered_by
from enterprises.recognition.filters import EffectiveTableFilter, RecognitionTableFilter
from enterprises.recognition.flows import RECOGNITION_FLOW
from enterprises.recognition.forms import AskForm, ExceptionForm, OfferForm, QuestionForm, WithdrawForm
from enterprises.register.models import divisions_to_filter
from enterprises.whitelists.pages import asked_day
from whitelist.audit.services import timeline
from whitelist.core.access import FormPage, Page, StepPage
from whitelist.core.days import today
from whitelist.core.tables import FORMS, TablePage
from whitelist.core.templatetags.face import address, day


class RecognitionListPage(TablePage):
    model = Recognition
    access = policies.may_read_recognitions
    filterset_class = RecognitionTableFilter
    template_name = "enterprises/recognition/recognition_list.html"
    export_name = "recognitions"

    def narrow(self, queryset):
        return queryset.for_table()

    def columns(self):
        return columns.recognitions()

    def get_context_data(self, **kwargs):
        user, on = self.request.user, self.request.GET
        context = super().get_context_data(may_propose=policies.may_propose_recognitions(user), today=today(), **kwargs)
        sound = self.filterset.form.cleaned_data.get("as_of") if self.filterset.is_valid() else None
        covered = covered_by(list(context["page_obj"]), sound or today())
        for row in context["page_obj"]:
            row.covered = covered[row.pk]
        waiting = self.get_queryset().waiting_for(user).order_by().count()
        return {**context, "waiting": waiting, "sides": not user.is_national, "holding_on": sound, "asked": on}


class MatrixPage(Page, TemplateView):
    """Who recognises whom, province by province, and how many enterprises that is."""

    model = Recognition
    access = policies.may_read_recognitions
    template_name = "enterprises/recognition/matrix.html"

    def get(self, request, *args, **kwargs):
        self.day = asked_day(request)
        self.matrix = matrix.drawn(self.get_queryset(), request.user, self.day)
        form = request.GET.get("export")
        if form in FORMS:
            return self.matrix.answer(form, by=request.user)
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs):
        exports = {form: address(self.request.GET, export=form) for form in FORMS}
        return super().get_context_data(
            matrix=self.matrix, day=self.day, is_today=self.day == today(), exports=exports, **kwargs
        )


class ProposePage(FormPage, FormView):
    """Ask to recognise another office's list, or offer a list of one's own; the other side answers."""

    access = policies.may_propose_recognitions
    template_name = "enterprises/recognition/recognition_add.html"

    @property
    def offers(self):
        return self.request.GET.get("side") == "offer"

    def get_form_class(self):
        return OfferForm if self.offers else AskForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_initial(self):
        return {**super().get_initial(), "white_list": self.request.GET.get("white_list")}

    def perform(self, form):
        white_list, recogniser = form.sides()
        self.made = services.propose_recognition(
            white_list, recogniser=recogniser, by=self.request.user, **form.terms()
        )
        return _("Proposed. %(office)s answers; until then nothing changes.") % {"office": self.made.other_office}

    def get_success_url(self):
        return self.made.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(offers=self.offers, office=self.request.user.office, **kwargs)


class RecognitionPage(Page, DetailView):
    """One agreement: whose list counts where, for what and until when, whom it leaves out, and what happened to it."""

    model = Recognition
    access = policies.may_read_recognitions
    template_name = "enterprises/recognition/recognition_detail.html"
    context_object_name = "recognition"
    asks = ""

    def narrow(self, queryset):
        return queryset.for_page().seen_by(self.request.user)

    def get_context_data(self, **kwargs):
        row, user = self.object, self.request.user
        covered = covered_by([row], today())[row.pk]
        steps = {each.name: each for each in RECOGNITION_FLOW.open_to(user, row)} if row.is_open else {}
        exceptions = row.exceptions.visible_to(user).for_table()
        return super().get_context_data(
            asks=self.asks,
            covered=covered,
            steps=steps,
            exceptions=exceptions,
            may_except=row.is_open and policies.may_except(user, row),
            may_read_effective=user.covers(row.recogniser.division_id),
            timeline=timeline(row),
            today=today(),
            **kwargs,
        )


class AskPage(FormPage, FormMixin, RecognitionPage):
    """The agreement with one step asked for on top of it: what it will do in numbers, and the words it needs."""

    is_base = True

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        self.check()
        return self.render_to_response(self.get_context_data(form=self.get_form()))

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        self.check()
        form = self.get_form()
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def get_success_url(self):
        return self.object.get_absolute_url()


class WithdrawPage(AskPage):
    access = policies.may_read_recognitions
    form_class = WithdrawForm
    asks = "withdraw"

    def check(self):
        RECOGNITION_FLOW.check(self.object, "withdraw", by=self.request.user)

    def perform(self, form):
        services.withdraw_recognition(self.object, by=self.request.user, note=form.cleaned_data["note"])
        return _("Withdrawn. From this moment on it holds nowhere.")


class ExceptionAddPage(AskPage):
    access = policies.may_read_recognitions
    form_class = ExceptionForm
    asks = "except"

    def check(self):
        services.check_may_except(self.object, by=self.request.user)

    def perform(self, form):
        by, said = self.request.user, form.cleaned_data
        enterprise = services.standing_on(self.object.white_list, said["enterprise"], by=by)
        services.except_enterprise(self.object, enterprise=enterprise, reason=said["reason"], by=by)
        return _("Left out from today on. The list's office is told.")


class AcceptPage(StepPage):
    model = Recognition
    access = policies.may_read_recognitions

    def narrow(self, queryset):
        return queryset.for_table()

    def perform(self, row):
        made = services.accept_recognition(row, by=self.request.user)
        return _("Accepted. It holds from %(since)s until %(until)s.") % {
            "since": day(made.held_from),
            "until": day(made.held_until),
        }


class ExceptionEndPage(StepPage):
    model = RecognitionException
    access = policies.may_read_recognitions
    pk_url_kwarg = "exception"

    def narrow(self, queryset):
        related = ("recognition__recogniser", "recognition__white_list__office", "enterprise")
        return queryset.filter(recognition=self.kwargs["pk"]).select_related(*related)

    def perform(self, row):
        services.end_exception(row, by=self.request.user)
        return _("From today on the enterprise counts again.")

    def after(self, row):
        return row.recognition.get_absolute_url()


class EffectiveListPage(TablePage):
    """Everybody who counts in a division on a day, with the list, the batch and the right by which it does."""

    model = Listing
    access = policies.may_read_recognitions
    filterset_class = EffectiveTableFilter
    template_name = "enterprises/recognition/recognised_list.html"
    export_name = "recognised"

    def get(self, request, *args, **kwargs):
        self.day = asked_day(request)
        self.place = question.place_of(request.user, request.GET.get("division") or None)
        if self.place is None:
            raise Http404
        return super().get(request, *args, **kwargs)

    def get_queryset(self):
        return question.effective_list(self.place.pk, self.day)

    def get_paginator(self, queryset, per_page, **kwargs):
        """Rows and enterprises are counted by one query."""
        paginator = super().get_paginator(queryset, per_page, **kwargs)
        paginator.count, self.enterprises = question.totals(queryset)
        return paginator

    def columns(self):
        return columns.effective()

    def export_title(self):
        return _("Who counts in %(place)s") % {"place": self.place}

    def as_of(self):
        return day(self.day)

    def is_filtered(self):
        asked = ("q", "basis", "chain", "field", "white_list", "agreement")
        return any(self.request.GET.get(name) for name in asked)

    def get_context_data(self, **kwargs):
        user, chosen = self.request.user, self.request.GET.get("division", "")
        own = user.office.division_id
        places = [user.office.division, *divisions_to_filter(user, chosen)]
        context = super().get_context_data(
            place=self.place,
            day=self.day,
            is_today=self.day == today(),
            places=[
                (each.pk, str(each) if each.pk == own or each.parent_id == own else f"– {each}") for each in places
            ],
            **kwargs,
        )
        return {**context, "enterprises": self.enterprises}


class QuestionPage(FormPage, FormView):
    """Is this enterprise recognised there on that day? Yes or no in one glance, and on what ground."""

    access = policies.may_ask
    form_class = QuestionForm
    http_method_names = ["get", "head", "options"]
    template_name = "enterprises/recognition/question.html"

    def get(self, request, *args, **kwargs):
        if "uscc" not in request.GET:
            return super().get(request, *args, **kwargs)
        form = QuestionForm(request.GET, user=request.user)
        if not form.is_valid():
            return self.form_invalid(form)
        said = form.cleaned_data
        grounds = question.grounds(said["uscc"], said["division"].pk, said["as_of"])
        return self.render_to_response(self.get_context_data(form=form, asked=said, grounds=grounds))

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_read=policies.may_read_recognitions(self.request.user), **kwargs)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_initial(self):
        return {**super().get_initial(), "division": self.request.user.office.division_id}
