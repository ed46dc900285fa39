"""Adjustment proposals over REST: read, take up, dismiss, one by one and in bulk."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema

from enterprises.models import AdjustmentProposal
from enterprises.whitelists.adjustments import policies, services
from enterprises.whitelists.adjustments.filters import AdjustmentFilter
from enterprises.whitelists.adjustments.flows import ADJUSTMENT_FLOW
from enterprises.whitelists.adjustments.serializers import (
    AdjustmentSerializer,
    DismissShape,
    TakeShape,
    VerdictShape,
)
from whitelist.core.api import BulkMixin, Endpoint, step_action
from whitelist.core.errors import DomainError, Fault, NotAllowed


class AdjustmentEndpoint(BulkMixin, Endpoint):
    """What the day's facts suggest about the lists of the caller's offices."""

    model = AdjustmentProposal
    access = policies.may_read_adjustments
    filterset_class = AdjustmentFilter
    serializer_class = AdjustmentSerializer
    ordering = ("-pk",)

    def initial(self, request, *args, **kwargs):
        """Whose duty a step is not is told so before anything of the body is looked at."""
        super().initial(request, *args, **kwargs)
        step = ADJUSTMENT_FLOW.steps.get(self.action)
        is_bulk = self.action == "bulk" and not policies.may_decide_adjustments(request.user)
        if is_bulk or (step and not step.by(request.user, self.row)):
            raise NotAllowed

    def narrow(self, queryset):
        return queryset.for_table()

    @extend_schema(request=TakeShape, responses=AdjustmentSerializer)
    @step_action(TakeShape)
    def take(self, row, *, by, batch, note):
        """Do it: a line in a draft of the list, or a reminder to the silent."""
        services.take(row, by=by, batch=batch, note=note)

    @extend_schema(request=DismissShape, responses=AdjustmentSerializer)
    @step_action(DismissShape)
    def dismiss(self, row, *, by, reason, note):
        """Leave the list as it is."""
        services.dismiss(row, by=by, reason=reason, note=note)

    @extend_schema(request=VerdictShape(many=True))
    def bulk(self, request):
        return super().bulk(request)

    def bulk_one(self, item):
        said = self.checked(VerdictShape, data=item)
        row = self.get_queryset().filter(pk=said["id"]).first()
        if row is None:
            told = _("There is no such proposal.")
            raise DomainError(told, errors=[Fault("id", "unknown", told)])
        if said["verb"] == "take":
            services.take(row, by=self.request.user, note=said["note"])
        else:
            services.dismiss(row, reason=said["reason"], by=self.request.user, note=said["note"])
        return 200, self.get_serializer(self.get_queryset().get(pk=row.pk)).data
