import threading
from types import SimpleNamespace

import pgtrigger
import pytest
from celery import current_app
from django.db import connection, connections

from tests import builders
from whitelist.accounts.models import User


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """Builders whose rows are truly committed, for threads to see; everything of theirs is gone afterwards."""
    with django_db_blocker.unblock():
        try:
            yield builders.make
        finally:
            with connection.cursor() as cursor:
                cursor.execute(
                    "TRUNCATE delivery_outboxevent, delivery_keptanswer, delivery_notification, accounts_apitoken, "
                    "audit_auditentry, axes_accesslog"
                )
            with pgtrigger.ignore("accounts.User:kept"):
                User.objects.all().delete()
            connections.close_all()


@pytest.fixture
def job():
    """A Celery job that exists for one test: `job(function)` gives its name."""
    names = []

    def register(function):
        name = f"tests.job_{len(names)}"

        def run(**ids):
            return function(**ids)

        current_app.task(name=name)(run)
        current_app.finalize()
        names.append(name)
        return name

    yield register
    for name in names:
        current_app.tasks.pop(name, None)


@pytest.fixture
def together():
    """Run functions at the same time, each in a thread with a connection of its own; answers what they returned."""

    def run(*functions):
        start, told = threading.Barrier(len(functions)), [None] * len(functions)

        def work(place, function):
            try:
                start.wait(10)
                told[place] = SimpleNamespace(value=function(), error=None)
            except Exception as error:
                told[place] = SimpleNamespace(value=None, error=error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=work, args=pair) for pair in enumerate(functions)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert all(told), "a thread hangs"
        return told

    return run
