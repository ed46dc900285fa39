"""Locks one and two: rows of others do not exist, forgotten rules do not open doors."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.views.generic import ListView

from whitelist.accounts.models import ApiToken, Division, Duty, Office, User
from whitelist.accounts.services import make_token
from whitelist.core.access import Page, anyone, signed_in
from whitelist.core.api import Endpoint
from whitelist.core.scoping import (
    NOTHING,
    ScopedChoiceField,
    ScopedForm,
    ScopedModel,
    ScopedMultipleChoiceField,
    ScopedQuerySet,
    within,
)
from whitelist.delivery.models import Notification

SCOPED = (User, Office, ApiToken, Notification)


@pytest.mark.parametrize("model", [*SCOPED, Division])
def test_nobody_and_the_inactive_see_nothing(make, ministry, model):
    make_token(ministry, name="x", by=None)
    Notification.objects.create(user=ministry, sentence="x", key="x")
    assert model.objects.visible_to(ministry).exists()
    ministry.is_active = False
    for user in (AnonymousUser(), None, object(), ministry):
        assert not model.objects.visible_to(user).exists()


def test_an_office_sees_its_division_and_all_below(shanghai, jilin, changchun, ministry):
    def seen(user):
        return set(User.objects.visible_to(user).values_list("username", flat=True))

    assert seen(shanghai) == {"shanghai"}
    assert seen(jilin) == {"jilin", "changchun"}
    assert seen(changchun) == {"changchun"}
    assert seen(ministry) == {"shanghai", "jilin", "changchun", "ministry"}


def test_the_corps_and_its_neighbour_do_not_mix(make):
    corps, xinjiang = make.user("660000"), make.user("650000")
    assert list(User.objects.visible_to(corps)) == [corps]
    assert list(User.objects.visible_to(xinjiang)) == [xinjiang]


def test_a_city_that_reports_for_itself_is_still_seen_by_its_province(make):
    ningbo, zhejiang = make.user("330200"), make.user("330000")
    assert ningbo in User.objects.visible_to(zhejiang)
    assert zhejiang not in User.objects.visible_to(ningbo)


def test_an_enterprise_s_user_and_a_checkpoint_see_no_colleagues(make, shanghai):
    clerk = make.clerk()
    assert list(User.objects.visible_to(clerk)) == [clerk]
    checkpoint = make.user(office=make.office("310000", "checkpoint"))
    assert list(User.objects.visible_to(checkpoint)) == [checkpoint]
    assert within("division__code", checkpoint) is NOTHING


def test_a_scope_through_many_rows_repeats_nothing(make, shanghai, monkeypatch):
    """`visible_to` asks by primary key where a scope follows a to-many name."""
    machine = make.user(is_system=True)
    for _ in range(3):
        make_token(machine, name="x", by=None)
    monkeypatch.setattr(User, "scope", classmethod(lambda cls, user: Q(tokens__name="x") | Q(pk=user.pk)))
    rows = list(User.objects.visible_to(shanghai).order_by("pk"))
    assert rows == sorted({shanghai, machine}, key=lambda user: user.pk)
    assert User.objects.visible_to(shanghai).count() == 2
    assert User.objects.filter(Q(tokens__name="x") | Q(pk=shanghai.pk)).count() == 4, "the negative control"


def test_a_narrowing_keeps_the_scope(shanghai, jilin):
    assert not User.objects.visible_to(shanghai).filter(pk=jilin.pk).exists()
    assert not User.objects.visible_to(shanghai).filter(Q(pk=jilin.pk) | Q(username="jilin")).exists()


def test_a_model_that_says_nothing_shows_nothing():
    class Forgetful(ScopedModel):
        class Meta:
            app_label = "core"
            managed = False

    with pytest.raises(TypeError, match="does not say who may see it"):
        Forgetful.scope(None)
    assert isinstance(Forgetful.objects.all(), ScopedQuerySet)


class OfficeForm(ScopedForm):
    office = ScopedChoiceField(Office)
    more = ScopedMultipleChoiceField(Office, required=False)


def test_a_form_offers_and_takes_only_rows_of_the_scope(shanghai, jilin, changchun):
    form = OfficeForm({"office": jilin.office_id, "more": [jilin.office_id]}, user=shanghai)
    assert not form.is_valid() and set(form.errors) == {"office", "more"}
    assert OfficeForm({"office": changchun.office_id}, user=jilin).is_valid()
    mixed = OfficeForm({"office": jilin.office_id, "more": [jilin.office_id, shanghai.office_id]}, user=jilin)
    assert not mixed.is_valid()


def test_a_field_that_nobody_narrowed_offers_nothing(shanghai):
    field = ScopedChoiceField(Office)
    assert list(field.queryset) == []


# Views


def test_a_view_without_access_does_not_come_into_being():
    for base in (Page, Endpoint):
        with pytest.raises(TypeError, match="does not declare access"):
            type("Careless", (base,), {})
        with pytest.raises(TypeError, match="defines queryset"):
            type("Stubborn", (base,), {"access": signed_in, "queryset": User.objects.none()})


def test_a_view_inherits_its_access():
    class Parent(Page):
        access = signed_in

    class Child(Parent):
        pass

    assert Child.access is signed_in


class Colleagues(Page, ListView):
    model = User
    access = staticmethod(lambda user: user.is_authenticated and user.holds(Duty.ADMIN))


def test_a_page_starts_from_the_rows_of_the_user(shanghai, jilin, rf):
    request = rf.get("/")
    request.user = shanghai
    answer = Colleagues.as_view()(request)
    assert list(answer.context_data["object_list"]) == [shanghai]


def test_whoever_is_not_signed_in_is_led_to_the_door(rf):
    request = rf.get("/some/where/?q=1")
    request.user = AnonymousUser()
    assert Colleagues.as_view()(request)["Location"] == "/sign-in/?next=/some/where/%3Fq%3D1"


def test_scope_is_asked_before_duty(make, jilin, page):
    """A user outside one's scope is 404 also for somebody who may not look at users at all; within it, 403."""
    reader = make.user(duties=[Duty.VIEW])
    assert page(reader).get(f"/users/{jilin.pk}/").status_code == 404
    assert page(reader).get(f"/users/{reader.pk}/").status_code == 403


def test_anyone_is_anyone():
    assert anyone(AnonymousUser()) and not signed_in(AnonymousUser())
