"""Lists and listings in JSON."""

from drf_spectacular.utils import extend_schema_field, inline_serializer
from rest_framework import serializers

from enterprises.models import WhiteList
from enterprises.whitelists.words import ListKind
from whitelist.core.api import Shape


class ListedEnterprise(serializers.Serializer):
    """An enterprise by its code: the USCC, or the registration number of one that has none."""

    uscc = serializers.CharField(source="code")
    name = serializers.CharField()


class KeepingOffice(serializers.Serializer):
    division = serializers.CharField(source="division_id")
    kind = serializers.CharField()
    name = serializers.CharField()


LAST_BATCH = inline_serializer(
    "LastBatch",
    {"id": serializers.IntegerField(), "number": serializers.IntegerField(), "effective_on": serializers.DateField()},
    allow_null=True,
)


class WhiteListSerializer(serializers.ModelSerializer):
    """A list; `listed` is how many enterprises stand on it today."""

    office = KeepingOffice(read_only=True)
    listed = serializers.IntegerField(read_only=True)
    last_batch = serializers.SerializerMethodField()

    class Meta:
        model = WhiteList
        fields = (
            "id",
            "title",
            "kind",
            "office",
            "opened_on",
            "ends_on",
            "closed_on",
            "report_due",
            "listed",
            "last_batch",
        )

    @extend_schema_field(LAST_BATCH)
    def get_last_batch(self, row):
        if row.last_pk is None:
            return None
        return {"id": row.last_pk, "number": row.last_number, "effective_on": row.last_on}


class WhiteListShape(Shape):
    """A list of the caller's own office."""

    title = serializers.CharField(max_length=WhiteList._meta.get_field("title").max_length)
    kind = serializers.ChoiceField(choices=ListKind.choices, default=ListKind.KEY_INDUSTRY)
    opened_on = serializers.DateField()
    ends_on = serializers.DateField()


class ListingSerializer(serializers.Serializer):
    """An enterprise's time on a list: `until` is its last day there, null while it stands."""

    enterprise = ListedEnterprise()
    until = serializers.DateField(source="last_day", allow_null=True)
    batch = serializers.IntegerField(source="opened_by_id")
    field = serializers.CharField()
    chain = serializers.CharField()

    def get_fields(self):
        """`from` cannot be declared like the others: the language keeps the word to itself."""
        enterprise, *others = super().get_fields().items()
        return dict([enterprise, ("from", serializers.DateField(source="first_day")), *others])


class HistorySerializer(serializers.Serializer):
    """One time on one list. `until` is its last day, null while it stands; `ended_by` is null where the list ended."""

    white_list = serializers.IntegerField(source="white_list_id")
    title = serializers.CharField(source="white_list.title")
    office = KeepingOffice(source="white_list.office")
    until = serializers.DateField(source="last_counted", allow_null=True)
    batch = serializers.IntegerField(source="opened_by_id")
    number = serializers.IntegerField(source="opened_by.number")
    document_number = serializers.CharField(source="opened_by.document_number")
    field = serializers.CharField()
    chain = serializers.CharField()
    reason = serializers.CharField()
    note = serializers.CharField()
    ended_by = serializers.IntegerField(source="closed_by_id", allow_null=True)
    ended_reason = serializers.CharField(source="left_reason", allow_null=True)

    def get_fields(self):
        fields = super().get_fields()
        fields["from"] = serializers.DateField(source="first_day")
        return fields


class MomentSerializer(serializers.Serializer):
    """How an amended listing read before."""

    field = serializers.CharField(source="was_field")
    chain = serializers.CharField(source="was_chain")


class ChangeSerializer(serializers.Serializer):
    enterprise = ListedEnterprise()
    field = serializers.CharField()
    chain = serializers.CharField()


class AmendedSerializer(ChangeSerializer):
    was = MomentSerializer(source="*")


class ChangeCounts(serializers.Serializer):
    added = serializers.IntegerField()
    removed = serializers.IntegerField()
    amended = serializers.IntegerField()


class DiffSerializer(serializers.Serializer):
    """What changed on a list between two days, or from after one batch (null: the empty list) to after another."""

    white_list = serializers.IntegerField()
    as_of = serializers.DateField(allow_null=True)
    from_batch = serializers.IntegerField(allow_null=True)
    to_batch = serializers.IntegerField(allow_null=True)
    counts = ChangeCounts()
    added = ChangeSerializer(many=True)
    removed = ChangeSerializer(many=True)
    amended = AmendedSerializer(many=True)

    def get_fields(self):
        days = {name: serializers.DateField(allow_null=True) for name in ("from", "to")}
        return {**days, **super().get_fields()}
