"""The public counts in JSON."""

from rest_framework import serializers


class InTwoLanguages(serializers.Serializer):
    zh = serializers.CharField()
    en = serializers.CharField()


class PublicCountSerializer(serializers.Serializer):
    key = serializers.CharField()
    name = serializers.CharField()
    enterprises = serializers.IntegerField()


class PublicListSerializer(serializers.Serializer):
    title = serializers.CharField()
    kind = serializers.CharField()
    division = serializers.CharField()
    office = InTwoLanguages()
    opened_on = serializers.DateField()
    ends_on = serializers.DateField()
    batches = serializers.IntegerField()
    last_on = serializers.DateField(allow_null=True)
    enterprises = serializers.IntegerField()


class PublicBatchSerializer(serializers.Serializer):
    list = serializers.CharField()
    office = InTwoLanguages()
    number = serializers.IntegerField()
    document_number = serializers.CharField()
    effective_on = serializers.DateField()


class PublicSerializer(serializers.Serializer):
    """Each enterprise is counted once in a total; the numbers of the lists are therefore not to be added."""

    as_of = serializers.DateField()
    enterprises = serializers.IntegerField()
    chains = PublicCountSerializer(many=True)
    provinces = PublicCountSerializer(many=True)
    lists = PublicListSerializer(many=True)
    batches = PublicBatchSerializer(many=True)
