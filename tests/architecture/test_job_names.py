"""A string is a dependency too: each job is named as registered, and belongs to the caller's room or one below."""

import ast

import pytest
from celery import current_app
from django.conf import settings

from tests.architecture.house import modules, tree

# The relay queues the job that another names by `otherwise`; those names are tried below.
OTHERWISE = ("whitelist.delivery.services", "name")
FLOORS = ("core", "audit", "accounts", "delivery", "sheets", "enterprises", "logistics", "alerts")


def floor_of(module):
    """The app a module belongs to, as its place from the ground up."""
    parts = module.split(".")
    return FLOORS.index(parts[1] if parts[0] == "whitelist" else parts[0])


def is_called(node, name):
    called = getattr(node, "func", None)
    return isinstance(node, ast.Call) and name in (getattr(called, "id", ""), getattr(called, "attr", ""))


def queued():
    """Every call of `later` and `send_task`: the module, the line, and the name given (None where it is no literal)."""
    for module, path in modules():
        for node in ast.walk(tree(path)):
            if is_called(node, "later") or is_called(node, "send_task"):
                first = node.args[0] if node.args else None
                if (module, getattr(first, "id", "")) != OTHERWISE:
                    yield module, node.lineno, getattr(first, "value", None)


@pytest.fixture(scope="module")
def tasks():
    current_app.loader.import_default_modules()
    return current_app.tasks


@pytest.mark.parametrize(("module", "line", "name"), list(queued()))
def test_what_is_queued_is_a_registered_job_of_this_app_or_one_below(tasks, module, line, name):
    assert isinstance(name, str), f"{module}:{line} queues a job by a name that cannot be read"
    assert name in tasks, f"{module}:{line} queues {name}, which no app registers"
    home = tasks[name].__module__
    assert name.startswith(home.removeprefix("whitelist.").partition(".")[0] + "."), f"{name} is registered by {home}"
    if module != "whitelist.celery":
        assert floor_of(home) <= floor_of(module), f"{module}:{line} queues {name} of an app above it"


def test_a_job_that_stands_in_for_another_is_registered_beside_it(tasks):
    named = {task.name: task.otherwise for task in tasks.values() if hasattr(task, "otherwise")}
    assert named
    for name, otherwise in named.items():
        assert tasks[otherwise].__module__ == tasks[name].__module__


def test_there_is_something_queued():
    assert len(list(queued())) > 3


def test_the_timetable_names_registered_jobs(tasks):
    named = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert named - set(tasks) == set()


def test_every_job_of_ours_has_an_explicit_name_with_its_app(tasks):
    ours = {
        name: task.__module__ for name, task in tasks.items() if task.__module__.split(".")[0] in ("whitelist", *FLOORS)
    }
    wrong = {name: home for name, home in ours.items() if name.startswith(home)}
    assert ours and wrong == {}
