"""Recognition over REST: propose, accept, withdraw, except; what counts in a division; and the one question."""

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from enterprises.models import Listing, Recognition, RecognitionException
from enterprises.recognition import matrix, policies, question, services
from enterprises.recognition.filters import EffectiveFilter, RecognitionFilter
from enterprises.recognition.forms import code_of
from enterprises.recognition.serializers import (
    AnswerSerializer,
    EffectiveSerializer,
    ExceptionSerializer,
    ExceptionShape,
    MatrixSerializer,
    ProposalShape,
    RecognitionSerializer,
    WhyShape,
)
from whitelist.accounts.divisions import known_divisions
from whitelist.core.api import Endpoint, NoBody, step_action
from whitelist.core.days import parse_day, today
from whitelist.core.errors import DomainError, Fault

DAY = OpenApiParameter(
    "as_of", {"type": "string", "format": "date"}, OpenApiParameter.QUERY, description="the day, today by default"
)
PLACE = OpenApiParameter(
    "division", str, OpenApiParameter.QUERY, description="code of six digits, one's own by default"
)


def asked_day(request):
    text = request.query_params.get("as_of")
    return today() if text is None else parse_day(text, field="as_of")


class RecognitionEndpoint(Endpoint):
    model = Recognition
    access = policies.may_read_recognitions
    filterset_class = RecognitionFilter
    serializer_class = RecognitionSerializer
    ordering = ("-pk",)

    def narrow(self, queryset):
        return queryset.for_table()

    @extend_schema(request=ProposalShape, responses={201: RecognitionSerializer})
    def propose(self, request):
        """Offer a list of one's own office, or ask to recognise another's; the other side answers."""

        def work():
            terms = self.checked(ProposalShape)
            white_list = terms.pop("white_list")
            recogniser = services.recogniser_named(
                white_list, terms.pop("recogniser", None), terms.pop("kind"), by=request.user
            )
            made = services.propose_recognition(white_list, recogniser=recogniser, by=request.user, **terms)
            return self.answer(self.get_queryset().get(pk=made.pk), code=201)

        services.check_may_propose(by=request.user)
        return self.once(work)

    @extend_schema(request=WhyShape, responses=RecognitionSerializer)
    @step_action(WhyShape)
    def accept(self, row, *, by, note):
        services.accept_recognition(row, by=by, note=note)

    @extend_schema(request=WhyShape, responses=RecognitionSerializer)
    @step_action(WhyShape)
    def withdraw(self, row, *, by, note):
        services.withdraw_recognition(row, by=by, note=note)


class ExceptionEndpoint(Endpoint):
    """The enterprises that one recognition leaves out."""

    model = RecognitionException
    access = policies.may_read_recognitions
    serializer_class = ExceptionSerializer
    lookup_url_kwarg = "exception"
    ordering = ("-pk",)

    def initial(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.recognition = self.visible(Recognition, pk=kwargs["pk"])
        super().initial(request, *args, **kwargs)

    def narrow(self, queryset):
        related = ("recognition__recogniser", "recognition__white_list__office")
        return queryset.filter(recognition=self.recognition).for_table().select_related(*related)

    @extend_schema(parameters=None)
    def list(self, request, **kwargs):
        return super().list(request)

    @extend_schema(request=ExceptionShape, responses={201: ExceptionSerializer})
    def create(self, request, **kwargs):
        """Leave one enterprise of the list out, from today on."""

        def work():
            said = self.checked(ExceptionShape)
            enterprise = services.standing_on(self.recognition.white_list, said["enterprise"], by=request.user)
            made = services.except_enterprise(
                self.recognition, enterprise=enterprise, reason=said["reason"], by=request.user
            )
            return self.answer(self.get_queryset().get(pk=made.pk), code=201)

        services.check_may_except(self.recognition, by=request.user)
        return self.once(work)

    @extend_schema(request=NoBody, responses=ExceptionSerializer)
    @step_action(NoBody)
    def end(self, row, *, by):
        """Let it count again, from today on."""
        services.end_exception(row, by=by)


class MatrixEndpoint(Endpoint):
    model = Recognition
    access = policies.may_read_recognitions
    serializer_class = MatrixSerializer
    pagination_class = None
    extra_parameters = frozenset({"as_of"})

    @extend_schema(parameters=[DAY], responses=MatrixSerializer)
    def show(self, request):
        """Who recognises how many enterprises of whom on a day."""
        self.refuse_unknown(())
        drawn = matrix.drawn(self.get_queryset(), request.user, asked_day(request))
        cells = [cell for _unit, cells in drawn.by_recogniser for cell in cells]
        told = {"as_of": drawn.day, "everywhere": drawn.everywhere, "cells": cells}
        return Response(self.get_serializer(told).data)


class EffectiveEndpoint(Endpoint):
    """Everybody who counts in a division on a day, a row for each ground."""

    model = Listing
    access = policies.may_read_recognitions
    filterset_class = EffectiveFilter
    serializer_class = EffectiveSerializer
    extra_parameters = frozenset({"as_of", "division"})

    def get_queryset(self):
        place = question.place_of(self.request.user, self.request.query_params.get("division"))
        if place is None:
            raise Http404
        return question.effective_list(place.pk, self.day)

    @extend_schema(parameters=[DAY, PLACE])
    def list(self, request):
        self.day = asked_day(request)
        answer = super().list(request)
        answer.data = {"as_of": self.day, **answer.data}
        return answer


class QuestionEndpoint(Endpoint):
    """Does the enterprise with this code count in this division on this day, and on what ground?

    A code that nobody has is answered like one that stands on no list: the question tells nothing about the register.
    """

    model = None
    access = policies.may_ask
    serializer_class = AnswerSerializer
    pagination_class = None
    extra_parameters = frozenset({"uscc", "division", "as_of"})
    page_parameters = frozenset()
    in_transaction = False

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "uscc", str, OpenApiParameter.QUERY, required=True, description="USCC or registration no."
            ),
            PLACE,
            DAY,
        ],
        responses=AnswerSerializer,
    )
    def ask(self, request):
        self.refuse_unknown(())
        asked, day = request.query_params, asked_day(request)
        code = code_of(asked.get("uscc", ""))
        if not code:
            told = _("Name the enterprise: 18 characters of a USCC, or 15 of a registration number.")
            raise DomainError(told, errors=[Fault("uscc", "not_a_code", told)])
        division = asked.get("division", request.user.office.division_id)
        if division not in known_divisions():
            told = _("There is no division with this code.")
            raise DomainError(told, errors=[Fault("division", "unknown_division", told)])
        grounds = question.grounds(code, division, day)
        told = [
            {
                "list": ground.white_list,
                "batch": ground.batch,
                "basis": ground.basis,
                "agreement": ground.agreement,
                "until": ground.until,
            }
            for ground in grounds
        ]
        return Response({"as_of": day, "recognised": bool(told), "grounds": told})
