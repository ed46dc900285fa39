"""The register over REST: the same policies, filters, scopes and services as its pages."""

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.permissions import SAFE_METHODS
from rest_framework.response import Response

from enterprises.register import intake, policies, services
from enterprises.register.filters import EnterpriseFilter, MaterialFilter, SupplyLinkFilter
from enterprises.register.models import Enterprise, Material, SupplyLink
from enterprises.register.serializers import (
    EnterpriseAnswer,
    EnterpriseSerializer,
    EnterpriseShape,
    MaterialEntryShape,
    MaterialSerializer,
    MergeShape,
    RemarkSerializer,
    RetireShape,
    SupplyLinkSerializer,
    SupplyLinkShape,
)
from whitelist.core.api import BulkMixin, Endpoint, NoBody, step_action
from whitelist.core.errors import DomainError, Fault, WrongState


class RegisterEndpoint(Endpoint):
    """Reading asks `access`, every other verb also `writing`."""

    is_base = True
    access = policies.may_read_enterprises
    writing = staticmethod(policies.may_add_enterprises)

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if request.method not in SAFE_METHODS and not self.writing(request.user):
            raise exceptions.PermissionDenied


class EnterpriseEndpoint(BulkMixin, RegisterEndpoint):
    """The register of enterprises. One is named by USCC, registration number or id; a change needs If-Match.

    `bulk/` takes up to 5,000 items and adds or changes by code, all or nothing; with `?mode=each` it answers 207.
    """

    model = Enterprise
    access = policies.may_read_enterprises
    filterset_class = EnterpriseFilter
    serializer_class = EnterpriseSerializer
    ordering = ("name", "pk")
    needs_tag = True
    lookup_field = "code"

    def narrow(self, queryset):
        return queryset.for_answer()

    def get_object(self):
        row = self.filter_queryset(self.get_queryset()).named(self.kwargs["code"]).first()
        if row is None:
            raise Http404
        return row

    def told(self, row, remarks, *, code=200):
        """The enterprise with what is to be said about it."""
        answer = self.answer(row, code=code)
        answer.data["warnings"] = RemarkSerializer(remarks, many=True).data
        return answer

    @extend_schema(request=EnterpriseShape, responses={201: EnterpriseAnswer})
    def create(self, request):
        def work():
            values = self.checked(EnterpriseShape)
            guard_status(values, "active")
            remarks = intake.remarks(values, by=request.user)
            row = services.add_enterprise(by=request.user, accept_doubt=True, accept_duplicate=True, **values)
            return self.told(row, remarks, code=201)

        return self.once(work)

    @extend_schema(request=EnterpriseShape, responses={200: EnterpriseAnswer})
    def partial_update(self, request, **kwargs):
        self.match_tag(self.row)
        values = self.checked(EnterpriseShape, partial=True)
        guard_status(values, self.row.status)
        remarks = intake.remarks(values, by=request.user, row=self.row)
        services.change_enterprise(self.row, version=self.row.version, by=request.user, accept_doubt=True, **values)
        return self.told(self.get_object(), remarks)

    @extend_schema(request=RetireShape, responses={200: EnterpriseSerializer})
    @step_action(RetireShape)
    def retire(self, row, *, by, reason, on, note):
        return services.retire_enterprise(row, reason=reason, on=on, note=note, by=by)

    @extend_schema(request=MergeShape, responses={200: EnterpriseSerializer})
    @step_action(MergeShape)
    def merge(self, row, *, by, into, note):
        target = self.get_queryset().coded(into).first()
        if target is None:
            told = _("There is no enterprise with the code %(code)s in your division.") % {"code": into}
            raise DomainError(told, errors=[Fault("into", "unknown_enterprise", told)])
        return services.merge_enterprises(row, into=target, note=note, by=by)

    @extend_schema(request=EnterpriseShape(many=True))
    def bulk(self, request):
        return super().bulk(request)

    def bulk_one(self, item):
        values = self.checked(EnterpriseShape, data=item, partial=True)
        remarks = intake.remarks(values, by=self.request.user)
        row, is_new = services.put_enterprise(by=self.request.user, **values)
        guard_status(values, row.status)
        said = [remark for remark in remarks if is_new or remark.code != "same_name"]
        shown = {
            "id": row.pk,
            "code": row.code,
            "version": row.version,
            "warnings": RemarkSerializer(said, many=True).data,
        }
        return 201 if is_new else 200, shown


def guard_status(values, now):
    """The standing may be sent back as it is; it changes by its own verbs."""
    if values.pop("status", now) != now:
        told = _("The standing changes by retire/ and merge/ alone.")
        raise WrongState(told, errors=[Fault("status", "not_by_this_verb", told)])


class MaterialEndpoint(BulkMixin, RegisterEndpoint):
    """The shared vocabulary of parts, raw materials and products, kept by the ministry."""

    model = Material
    access = policies.may_read_materials
    writing = staticmethod(policies.may_edit_materials)
    filterset_class = MaterialFilter
    serializer_class = MaterialSerializer
    ordering = ("code",)

    @extend_schema(request=MaterialEntryShape, responses={201: MaterialSerializer})
    def create(self, request):
        return self.once(
            lambda: self.answer(services.add_material(by=request.user, **self.checked(MaterialEntryShape)), code=201)
        )

    @extend_schema(request=MaterialEntryShape(many=True))
    def bulk(self, request):
        return super().bulk(request)

    def bulk_one(self, item):
        row, is_new = services.put_material(by=self.request.user, **self.checked(MaterialEntryShape, data=item))
        return 201 if is_new else 200, MaterialSerializer(row).data


class SupplyLinkEndpoint(BulkMixin, RegisterEndpoint):
    """Who supplies whom with what: declared by one side, confirmed by another. Of a stranger only the name is told."""

    model = SupplyLink
    access = policies.may_read_links
    writing = staticmethod(policies.may_declare_links)
    filterset_class = SupplyLinkFilter
    serializer_class = SupplyLinkSerializer
    ordering = ("pk",)

    def narrow(self, queryset):
        return queryset.for_table().seen_by(self.request.user)

    def seen(self, link):
        return self.get_queryset().get(pk=link.pk)

    @extend_schema(request=SupplyLinkShape, responses={201: SupplyLinkSerializer})
    def create(self, request):
        def work():
            link = services.declare_link(by=request.user, **self.checked(SupplyLinkShape))
            return self.answer(self.seen(link), code=201)

        return self.once(work)

    @extend_schema(responses={204: None})
    def destroy(self, request, **kwargs):
        services.remove_link(self.row, by=request.user)
        return Response(status=204)

    @extend_schema(request=NoBody, responses={200: SupplyLinkSerializer})
    @step_action(NoBody)
    def confirm(self, link, *, by):
        return services.confirm_link(link, by=by)

    @extend_schema(request=SupplyLinkShape(many=True))
    def bulk(self, request):
        return super().bulk(request)

    def bulk_one(self, item):
        link, is_new = services.put_link(by=self.request.user, **self.checked(SupplyLinkShape, data=item))
        return 201 if is_new else 200, {"id": link.pk, "is_confirmed": link.is_confirmed}
