"""Lock one of four: every row says who may see it, and every query for a user starts from that.

Outside one's scope a row does not exist, so nothing here refuses: rows are simply absent.
"""

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.lookups import IsNull
from django_filters import ModelChoiceFilter
from rest_framework import serializers

NOTHING = Q(pk__in=[])


def within(path, user):
    """Rows whose division code at `path` lies in the user's division: `within("division__code", user)`."""
    if user.prefix is None:
        return NOTHING
    return Q(**{f"{path}__startswith": user.prefix}) if user.prefix else Q()


def _spans_many(condition, model):
    """Whether a Q follows a to-many relation, where a plain filter would repeat rows."""
    for child in condition.children:
        if isinstance(child, Q):
            if _spans_many(child, model):
                return True
            continue
        here = model
        for part in child[0].split("__"):
            try:
                field = here._meta.get_field("id" if part == "pk" else part)
            except FieldDoesNotExist:
                break
            if field.one_to_many or field.many_to_many:
                return True
            if not field.is_relation:
                break
            here = field.related_model
    return False


class ScopedQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The rows that exist for this user. Fails closed: nobody, and the inactive, see nothing."""
        if not getattr(user, "is_authenticated", False) or not user.is_active:
            return self.none()
        condition = self.model.scope(user)
        if condition is NOTHING:
            return self.none()
        if _spans_many(condition, self.model):
            return self.filter(pk__in=self.model._base_manager.filter(condition).values("pk"))
        return self.filter(condition)


class ScopedModel(models.Model):
    """A row that belongs to somebody. Subclasses define `scope`; a test walks all models for it."""

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def scope(cls, user):
        """The condition under which this user sees a row."""
        raise TypeError(f"{cls.__name__} does not say who may see it")


def sees(user, model, path):
    """Whether the user sees the row of `model` that stands at `path`, to annotate; nothing is asked for who sees all.

    As a scalar: for EXISTS the planner would first read the whole table, for a page of fifty rows.
    """
    seen = model._default_manager.visible_to(user).order_by()
    if not seen.query.where:
        return Value(True)
    return IsNull(Subquery(seen.filter(pk=OuterRef(path)).values("pk")), False)


class ScopedChoiceField(forms.ModelChoiceField):
    """A form's choice among the rows visible to the user. `ScopedForm` narrows it; unnarrowed it offers nothing."""

    def __init__(self, model, **kwargs):
        self.model = model
        super().__init__(queryset=model._base_manager.none(), **kwargs)

    def narrow_to(self, user):
        self.queryset = self.model._default_manager.visible_to(user)


class ScopedMultipleChoiceField(forms.ModelMultipleChoiceField):
    """Several rows among those visible to the user; one outside the scope refuses the whole set."""

    def __init__(self, model, **kwargs):
        self.model = model
        super().__init__(queryset=model._base_manager.none(), **kwargs)

    def narrow_to(self, user):
        self.queryset = self.model._default_manager.visible_to(user)


class ScopedFilter(ModelChoiceFilter):
    """A filter's choice among the rows visible to the user."""

    def __init__(self, model, **kwargs):
        super().__init__(queryset=lambda request: model._default_manager.visible_to(request.user), **kwargs)


class ScopedForm(forms.Form):
    """A form that knows whose choices it offers."""

    def __init__(self, *args, user, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, (ScopedChoiceField, ScopedMultipleChoiceField)):
                field.narrow_to(user)


class ScopedRelatedField(serializers.SlugRelatedField):
    """A related row named in a request body by one of its keys, looked for among the rows visible to the caller."""

    def __init__(self, model=None, slug_field="pk", **kwargs):
        self.model = model
        if not kwargs.get("read_only"):
            kwargs["queryset"] = model._base_manager.none()
        super().__init__(slug_field=slug_field, **kwargs)

    def get_queryset(self):
        return self.model._default_manager.visible_to(self.context["request"].user)
