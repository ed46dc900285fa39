from whitelist.accounts.filters import DivisionFilter, OfficeFilter
from whitelist.accounts.models import Division, Office, User
from whitelist.accounts.serializers import DivisionSerializer, MeSerializer, OfficeSerializer
from whitelist.core.access import signed_in
from whitelist.core.api import Endpoint


class MeEndpoint(Endpoint):
    """Who I am: office, duties, scope."""

    model = User
    access = signed_in
    serializer_class = MeSerializer

    def retrieve(self, request, *args, **kwargs):
        self.refuse_unknown(())
        return self.answer(request.user)


class DivisionEndpoint(Endpoint):
    """Administrative divisions by their GB/T 2260 codes."""

    model = Division
    access = signed_in
    filterset_class = DivisionFilter
    serializer_class = DivisionSerializer
    ordering = ("code",)
    lookup_field = "code"


class OfficeEndpoint(Endpoint):
    """The offices within one's scope."""

    model = Office
    access = signed_in
    filterset_class = OfficeFilter
    serializer_class = OfficeSerializer
    ordering = ("division_id", "kind", "pk")
