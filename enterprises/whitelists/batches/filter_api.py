"""Lines by a filter of the register over REST: count first, then all at once, each refused one told."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from enterprises.models import Batch, BatchLine
from enterprises.register.filters import EnterpriseFilter
from enterprises.whitelists import policies, services
from enterprises.whitelists.batches import filtering
from enterprises.whitelists.batches.api import HELD, hold
from enterprises.whitelists.words import Action, Reason
from whitelist.core.api import Endpoint, Shape, tag_of
from whitelist.core.errors import DomainError, Fault

NOTE = BatchLine._meta.get_field("note").max_length
ACTION = OpenApiParameter("action", enum=[str(each) for each in filtering.ACTIONS], description="add by default")
FILTERS = [OpenApiParameter(name, str) for name in EnterpriseFilter.base_filters]


class MatchingShape(Shape):
    """`filter` are filters of `enterprises/` with their values; at least one."""

    filter = serializers.DictField(child=serializers.CharField(max_length=200), allow_empty=False)
    action = serializers.ChoiceField(choices=Action.choices, default=Action.ADD)
    reason = serializers.ChoiceField(choices=Reason.choices)
    note = serializers.CharField(max_length=NOTE, required=False, allow_blank=True, default="")


class RefusedSerializer(serializers.Serializer):
    enterprise = serializers.CharField()
    name = serializers.CharField()
    detail = serializers.CharField()


class MatchedSerializer(serializers.Serializer):
    """`put` lines were written; `refused` names everybody whom the filter found and the batch did not take."""

    put = serializers.IntegerField()
    refused = RefusedSerializer(many=True)


class RefusedCounts(serializers.Serializer):
    in_batch = serializers.IntegerField()
    already_listed = serializers.IntegerField()
    not_active = serializers.IntegerField()
    not_listed = serializers.IntegerField()
    outside_division = serializers.IntegerField()


class SumSerializer(serializers.Serializer):
    found = serializers.IntegerField()
    fitting = serializers.IntegerField()
    refused = RefusedCounts()


class MatchingEndpoint(Endpoint):
    model = Batch
    access = policies.may_read_lists
    serializer_class = SumSerializer
    extra_parameters = frozenset({"action", *EnterpriseFilter.base_filters})

    def narrow(self, queryset):
        return queryset.for_page()

    def found(self, asked):
        """The enterprises of a filter; unknown names and wrong values are refused, and so is no filter at all."""
        unknown = [name for name in asked if name not in EnterpriseFilter.base_filters]
        bound = EnterpriseFilter(asked, queryset=filtering.everybody(self.request.user), request=self.request)
        if unknown or not bound.is_valid() or not any(asked.values()):
            errors = [(name, text) for name, texts in bound.errors.items() for text in texts]
            errors += [(name, _("There is no such filter.")) for name in unknown]
            errors = errors or [("filter", _("Choose at least one condition."))]
            raise DomainError(_("A filter is not right."), errors=[Fault(n, "invalid", str(t)) for n, t in errors])
        return bound.qs

    @extend_schema("batches_lines_by_filter_count", parameters=[ACTION, *FILTERS], responses=SumSerializer)
    def count(self, request, **kwargs):
        """How many the filter of the address finds, and how many of them the draft would take."""
        services.check_edit(self.row, by=request.user)
        asked = request.query_params.dict()
        action = asked.pop("action", str(Action.ADD))
        if action not in filtering.ACTIONS:
            raise DomainError(_("A filter is not right."), errors=[Fault("action", "invalid", _("Add or remove."))])
        summed = filtering.sum_up(self.row, self.found(asked), action=action)
        return Response(self.get_serializer(summed).data)

    @extend_schema(request=MatchingShape, responses={201: MatchedSerializer}, parameters=[HELD])
    def put(self, request, **kwargs):
        """A line for everybody whom the filter finds and who fits."""

        def work():
            batch = hold(self, self.row, may=policies.may_draft_batch, needs_tag=False)
            services.check_edit(batch, by=request.user)
            asked = self.checked(MatchingShape)
            chosen = self.found(asked.pop("filter"))
            count, refused = filtering.put_matching(batch, chosen, by=request.user, **asked)
            told = [{"enterprise": code, "name": name, "detail": str(why)} for code, name, why in refused]
            return Response({"put": count, "refused": told}, status=201, headers={"ETag": tag_of(self.get_object())})

        return self.once(work)
