from whitelist.audit import policies
from whitelist.audit.filters import AuditFilter
from whitelist.audit.models import AuditEntry
from whitelist.audit.serializers import AuditSerializer
from whitelist.core.api import Endpoint


class AuditEndpoint(Endpoint):
    """The trail within one's scope, newest first."""

    model = AuditEntry
    access = policies.may_read_audit
    filterset_class = AuditFilter
    serializer_class = AuditSerializer
    ordering = ("-at", "-pk")

    def narrow(self, queryset):
        return queryset.for_table()
