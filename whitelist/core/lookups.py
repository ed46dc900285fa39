"""Lookups that Django does not bring."""

from django.db.models import Field, Lookup


@Field.register_lookup
class AnyOf(Lookup):
    """`code__any_of=codes` finds what `code__in=codes` finds, with one parameter for however many thousand values."""

    lookup_name = "any_of"

    prepare_rhs = False

    def get_prep_lookup(self):
        return list(self.rhs)

    def get_db_prep_lookup(self, value, connection):
        return "%s", [value]

    def as_sql(self, compiler, connection):
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", (*left_values, *right_values)
