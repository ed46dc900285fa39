"""The same key and body answer the same for a day, and do the work once; the endpoint here does nothing but work."""

import io
from datetime import timedelta
from time import sleep

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.urls import path
from django.utils import timezone
from rest_framework import serializers
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.response import Response
from rest_framework.test import APIClient

from whitelist.core.access import signed_in
from whitelist.core.api import Endpoint, Shape, collection
from whitelist.core.errors import Conflict, WrongState
from whitelist.delivery import answers, services
from whitelist.delivery.models import KeptAnswer, Notification


class ThingShape(Shape):
    name = serializers.CharField()


class ThingEndpoint(Endpoint):
    """Leaves a notice for each piece of work, so that work done twice is seen."""

    access = signed_in
    parser_classes = (JSONParser, MultiPartParser)
    held = staticmethod(lambda: None)

    def note(self):
        number = Notification.objects.count() + 1
        Notification.objects.create(user=self.request.user, sentence="made", key=f"thing-{number}-{id(self)}")
        return number

    def create(self, request):
        def work():
            number = self.note()
            self.held()
            return Response({"number": number}, status=201, headers={"ETag": f'"{number}"', "Location": f"/x/{number}"})

        return self.once(work)

    def drop(self, request):
        def work():
            self.note()
            return Response(status=204)

        return self.once(work)

    def refuse(self, request):
        def work():
            self.note()
            raise WrongState

        return self.once(work)


urlpatterns = [
    path("things/", collection(ThingEndpoint, post="create"), name="things"),
    path("things/drop/", collection(ThingEndpoint, post="drop"), name="drop"),
    path("things/refuse/", collection(ThingEndpoint, post="refuse"), name="refuse"),
]
pytestmark = pytest.mark.urls(__name__)


def post(user, body=None, *, key=None, address="/things/", **kwargs):
    client = APIClient()
    client.force_authenticate(user)
    headers = {} if key is None else {"Idempotency-Key": key}
    kwargs.setdefault("format", "json")
    return client.post(address, {"name": "a"} if body is None else body, headers=headers, **kwargs)


def made():
    return Notification.objects.count()


def test_the_same_key_and_body_replay_the_first_answer(shanghai):
    first, again = (post(shanghai, key="k") for _ in range(2))
    assert (first.status_code, first.data) == (again.status_code, again.data) == (201, {"number": 1})
    assert again["ETag"] == first["ETag"] and again["Location"] == first["Location"]
    assert again["Idempotency-Replayed"] == "true" and "Idempotency-Replayed" not in first
    assert made() == 1


def test_without_a_key_each_post_counts(shanghai):
    assert [post(shanghai).data["number"] for _ in range(2)] == [1, 2]


def test_another_body_with_the_same_key_is_422(shanghai):
    post(shanghai, {"name": "a"}, key="k")
    answer = post(shanghai, {"name": "b"}, key="k")
    assert (answer.status_code, answer.data["code"]) == (422, "key_reused")
    assert made() == 1


def test_another_address_or_query_with_the_same_key_is_422(shanghai):
    post(shanghai, key="k")
    assert post(shanghai, key="k", address="/things/drop/").status_code == 422
    assert post(shanghai, key="k", address="/things/?mode=each").status_code == 422


def test_the_order_of_fields_makes_no_other_body(shanghai):
    post(shanghai, {"name": "a", "note": "b"}, key="k")
    assert post(shanghai, {"note": "b", "name": "a"}, key="k").status_code == 201


def test_files_are_compared_by_their_content(shanghai):
    def send(content):
        return post(shanghai, {"file": io.BytesIO(content)}, key="k", format="multipart")

    assert send(b"one").status_code == 201
    assert send(b"one")["Idempotency-Replayed"] == "true"
    assert send(b"two").status_code == 422


def test_every_value_of_a_form_counts(shanghai):
    post(shanghai, {"name": ["a", "z"]}, key="k", format="multipart")
    assert post(shanghai, {"name": ["b", "z"]}, key="k", format="multipart").status_code == 422


def test_keys_belong_to_their_caller(shanghai, jilin):
    post(shanghai, key="k")
    assert post(jilin, {"name": "b"}, key="k").status_code == 201


def test_an_answer_without_a_body_is_replayed_too(shanghai):
    first, again = (post(shanghai, key="k", address="/things/drop/") for _ in range(2))
    assert (first.status_code, again.status_code) == (204, 204)
    assert again["Idempotency-Replayed"] == "true"
    assert made() == 1


def test_a_refusal_is_not_kept_so_it_can_be_sent_again(shanghai):
    for _ in range(2):
        assert post(shanghai, key="k", address="/things/refuse/").status_code == 409
    assert (made(), KeptAnswer.objects.count()) == (0, 0)


@pytest.mark.parametrize("key", ["x" * 121, "tab\there"])
def test_a_key_that_cannot_be_kept_is_400(shanghai, key):
    answer = post(shanghai, key=key)
    assert (answer.status_code, answer.data["errors"][0]["code"]) == (400, "bad_key")


def test_after_a_day_a_key_is_free_again(shanghai):
    post(shanghai, key="k")
    KeptAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert post(shanghai, {"name": "b"}, key="k").data == {"number": 2}
    KeptAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))
    services.forget_old()
    assert not KeptAnswer.objects.exists()


@override_settings(ROOT_URLCONF=__name__)
def test_two_at_once_with_the_same_key_have_one_effect(committed, together, monkeypatch):
    user = committed.user()
    monkeypatch.setattr(
        ThingEndpoint, "held", staticmethod(lambda: connection.cursor().execute("SELECT pg_sleep(0.4)"))
    )
    first, second = (each.value for each in together(*[lambda: post(user, key="k")] * 2))
    assert first.data == second.data == {"number": 1}
    assert [first.status_code, second.status_code] == [201, 201]
    assert ("Idempotency-Replayed" in first) != ("Idempotency-Replayed" in second)
    assert made() == 1


@override_settings(ROOT_URLCONF=__name__)
def test_the_same_two_at_once_without_a_key_have_two_effects(committed, together):
    """The negative control."""
    user = committed.user()
    together(*[lambda: post(user)] * 2)
    assert made() == 2


@override_settings(ROOT_URLCONF=__name__)
def test_when_the_first_fails_the_second_does_the_work(committed, together, monkeypatch):
    user = committed.user()
    fails = iter([True, False])

    def held():
        sleep(0.3)
        if next(fails):
            raise WrongState

    monkeypatch.setattr(ThingEndpoint, "held", staticmethod(held))
    told = [each.value.status_code for each in together(*[lambda: post(user, key="k")] * 2)]
    assert sorted(told) == [201, 409]
    assert made() == 1


def test_whoever_waits_too_long_for_the_first_is_told_so(committed, together):
    user = committed.user()

    def first():
        with transaction.atomic():
            answers.claim(user, "k", "digest")
            sleep(0.6)

    def impatient():
        with transaction.atomic():
            connection.cursor().execute("SET LOCAL lock_timeout = '150ms'")
            sleep(0.15)
            answers.claim(user, "k", "digest")

    told = together(first, impatient)
    assert told[0].error is None
    assert isinstance(told[1].error, Conflict) and told[1].error.code == "in_progress"


def test_the_store_is_the_one_the_settings_name(settings):
    assert answers.__name__ == settings.ANSWER_STORE
