"""Recognition in JSON: agreements, exceptions, the question's answer, and what counts in a division."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from enterprises.models import Recognition, RecognitionException
from enterprises.recognition import services
from enterprises.recognition.flows import RECOGNITION_FLOW
from enterprises.recognition.words import Basis, RecognitionStatus
from enterprises.register.words import Chain, Field
from enterprises.whitelists.serializers import KeepingOffice, ListedEnterprise
from whitelist.accounts.models import OfficeKind
from whitelist.core.api import Shape

NOTE = Recognition._meta.get_field("note").max_length
REASON = RecognitionException._meta.get_field("reason").max_length


class RecognisedList(serializers.Serializer):
    """A list by its id, with its title and the office that keeps it."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    office = KeepingOffice()


class RecognitionSerializer(serializers.ModelSerializer):
    """An agreement. `since` and `until` are what was agreed; `held_from` and `held_until` the days it really holds.

    `status` is that of today: what the clock has ended is lapsed. `steps` are those that the caller may take now.
    """

    recogniser = KeepingOffice(read_only=True)
    white_list = RecognisedList(read_only=True)
    proposing_office = KeepingOffice(read_only=True)
    status = serializers.ChoiceField(source="state", choices=RecognitionStatus.choices, read_only=True)
    chains = serializers.ListField(child=serializers.ChoiceField(choices=Chain.choices), read_only=True)
    steps = serializers.SerializerMethodField()

    class Meta:
        model = Recognition
        fields = (
            "id",
            "recogniser",
            "white_list",
            "chains",
            "since",
            "until",
            "held_from",
            "held_until",
            "status",
            "note",
            "proposing_office",
            "steps",
        )

    def get_fields(self):
        """`fields` cannot be declared like the others: a serializer keeps the word to itself."""
        covered = serializers.ListField(child=serializers.ChoiceField(choices=Field.choices), read_only=True)
        return {**super().get_fields(), "fields": covered}

    def get_steps(self, row) -> list[str]:
        if not row.is_open:
            return []
        return [each.name for each in RECOGNITION_FLOW.open_to(self.context["request"].user, row)]


class NameableList(serializers.PrimaryKeyRelatedField):
    """A list that the caller may propose about: one of its own office, or one of another's, by its id."""

    default_error_messages = {"does_not_exist": _("There is no running list with this id that could be recognised.")}

    def __init__(self, **kwargs):
        super().__init__(queryset=services.no_lists(), **kwargs)

    def get_queryset(self):
        user = self.context["request"].user
        return services.lists_of(user) | services.lists_elsewhere(user)

    def to_internal_value(self, data):
        if isinstance(data, bool) or (isinstance(data, int) and data >= 2**63):
            self.fail("does_not_exist", pk_value=data)
        return super().to_internal_value(data)


class ProposalShape(Shape):
    """A proposal. Of one's own list `recogniser` names the division that shall recognise it, else it is oneself."""

    white_list = NameableList()
    recogniser = serializers.RegexField(r"^[0-9]{6}$", required=False)
    kind = serializers.ChoiceField(choices=OfficeKind.choices, default=OfficeKind.INDUSTRY)
    chains = serializers.ListField(child=serializers.ChoiceField(choices=Chain.choices), default=list)
    since = serializers.DateField()
    until = serializers.DateField()
    note = serializers.CharField(max_length=NOTE, default="", allow_blank=True)

    def get_fields(self):
        fields = serializers.ListField(child=serializers.ChoiceField(choices=Field.choices), default=list)
        return {**super().get_fields(), "fields": fields}


class WhyShape(Shape):
    note = serializers.CharField(max_length=NOTE, default="", allow_blank=True)


class ExceptionShape(Shape):
    enterprise = serializers.CharField(max_length=40)
    reason = serializers.CharField(max_length=REASON)


class ExceptionSerializer(serializers.ModelSerializer):
    """An enterprise left out; it counts again from `until` on, null while it stands."""

    enterprise = ListedEnterprise(read_only=True)

    class Meta:
        model = RecognitionException
        fields = ("id", "enterprise", "reason", "since", "until")


class GroundSerializer(serializers.Serializer):
    """By which list and batch an enterprise counts, by which right, and until when by what is known today."""

    list = serializers.IntegerField(source="white_list")
    batch = serializers.IntegerField()
    basis = serializers.ChoiceField(choices=Basis.choices)
    agreement = serializers.IntegerField(allow_null=True)
    until = serializers.DateField(allow_null=True)


class AnswerSerializer(serializers.Serializer):
    as_of = serializers.DateField()
    recognised = serializers.BooleanField()
    grounds = GroundSerializer(many=True)


class EffectiveSerializer(serializers.Serializer):
    """A row of the effective list: an enterprise, and one ground on which it counts."""

    enterprise = ListedEnterprise()
    chain = serializers.CharField()
    field = serializers.CharField()
    list = serializers.IntegerField(source="white_list_id")
    batch = serializers.IntegerField(source="opened_by_id")
    basis = serializers.ChoiceField(choices=Basis.choices)
    agreement = serializers.IntegerField(allow_null=True)
    until = serializers.DateField(allow_null=True)


class CellSerializer(serializers.Serializer):
    recogniser = serializers.CharField(source="into.code")
    source = serializers.CharField(source="of.code")  # type: ignore[assignment]
    enterprises = serializers.IntegerField(source="number")


class MatrixSerializer(serializers.Serializer):
    """Who recognises how many enterprises of whom, by reporting unit; the ministry's lists count everywhere."""

    as_of = serializers.DateField()
    everywhere = serializers.IntegerField()
    cells = CellSerializer(many=True)
