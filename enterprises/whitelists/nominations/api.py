"""Nominations over REST: proposed by listed buyers, answered by the offices of the lists."""

from drf_spectacular.utils import extend_schema

from enterprises.models import Nomination
from enterprises.whitelists.nominations import policies, services
from enterprises.whitelists.nominations.filters import NominationFilter
from enterprises.whitelists.nominations.flows import NOMINATION_FLOW
from enterprises.whitelists.nominations.serializers import (
    AcceptShape,
    DeclineShape,
    NominationSerializer,
    NominationShape,
    WithdrawShape,
)
from whitelist.core.api import Endpoint, step_action
from whitelist.core.errors import NotAllowed


class NominationEndpoint(Endpoint):
    model = Nomination
    access = policies.may_read_nominations
    filterset_class = NominationFilter
    serializer_class = NominationSerializer
    ordering = ("-pk",)

    def narrow(self, queryset):
        return queryset.for_table().seen_by(self.request.user)

    @extend_schema(request=NominationShape, responses={201: NominationSerializer})
    def create(self, request):
        """Nominate a supplier of a listed buyer; the list that it is meant for follows from its plant."""

        def work():
            said = self.checked(NominationShape)
            buyer = services.buyer_named(said.pop("buyer"), by=request.user)
            made = services.nominate(buyer=buyer, by=request.user, **said)
            return self.answer(self.get_queryset().get(pk=made.pk), code=201)

        services.check_may_nominate(by=request.user)
        return self.once(work)

    @extend_schema(request=AcceptShape, responses=NominationSerializer)
    @step_action(AcceptShape)
    def accept(self, row, *, by, batch, note):
        """Put it as a line into a draft of the list."""
        services.accept(row, by=by, batch=batch, note=note)

    @extend_schema(request=DeclineShape, responses=NominationSerializer)
    @step_action(DeclineShape)
    def decline(self, row, *, by, reason, note):
        services.decline(row, by=by, reason=reason, note=note)

    @extend_schema(request=WithdrawShape, responses=NominationSerializer)
    @step_action(WithdrawShape)
    def withdraw(self, row, *, by, note):
        services.withdraw(row, by=by, note=note)

    def initial(self, request, *args, **kwargs):
        """Whose duty a step is not is told so before anything of the body is looked at."""
        super().initial(request, *args, **kwargs)
        step = NOMINATION_FLOW.steps.get(self.action)
        if step and not step.by(request.user, self.row):
            raise NotAllowed
