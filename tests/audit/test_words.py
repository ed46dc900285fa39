"""The trail speaks in words: no step and no value is shown as the machine stores it."""

import ast
from datetime import datetime

from django.apps import apps

from enterprises.register.supply import services as supply
from tests.architecture.house import modules, tree
from whitelist.audit import words
from whitelist.audit.models import AuditEntry
from whitelist.audit.services import record, timeline


def told_steps():
    """Every step name given to `record`, `advance` or `step` in the code, with its place."""
    place = {"record": 1, "record_selected": 1, "advance": 2, "step": 0}
    for name, path in modules():
        for node in ast.walk(tree(path)):
            called = getattr(node, "func", None)
            which = getattr(called, "attr", getattr(called, "id", ""))
            if not isinstance(node, ast.Call) or which not in place or len(node.args) <= place[which]:
                continue
            for part in ast.walk(node.args[place[which]]):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield name, part.value


def test_every_step_of_the_code_has_a_word():
    mute = {f"{name}: {verb}" for name, verb in told_steps() if verb not in words.VERBS}
    assert mute == set(), "give these steps a word in whitelist/audit/words.py"


def recorded_names():
    """Every name of a value given to `record` or `advance` in the code, with its place."""
    for module, path in modules():
        for node in ast.walk(tree(path)):
            called = getattr(node, "func", None)
            which = getattr(called, "attr", getattr(called, "id", ""))
            if not isinstance(node, ast.Call) or which not in ("record", "advance"):
                continue
            for given in node.keywords:
                if which == "advance" and given.arg not in ("by", "note", None):
                    yield module, given.arg
                elif given.arg in ("before", "after"):
                    inner = [each for each in ast.walk(given.value) if isinstance(each, ast.Dict)]
                    yield from ((module, key.value) for each in inner for key in each.keys if key is not None)


def has_word(name):
    return any(words.label_of(model, name) is not None for model in apps.get_models())


def test_every_value_that_the_code_records_has_a_word():
    names = set(recorded_names())
    assert ("enterprises.whitelists.services", "count") in names
    mute = {f"{module}: {name}" for module, name in names if not has_word(name)}
    assert mute == set(), "give these values a word in whitelist/audit/words.py"


def test_what_a_merger_counts_has_words(make):
    counts = supply.move_links(make.enterprise(), make.enterprise(), by=make.user())
    assert counts and all(has_word(name) for name in counts)


def test_a_step_from_elsewhere_is_shown_by_its_name(db):
    assert words.say("turned_over") == "Turned over"


def test_the_timeline_tells_who_what_and_each_change(shanghai, make):
    other = make.user(name="Colleague (invented)")
    record(
        other,
        "changed",
        by=shanghai,
        before={"name": "", "is_active": True, "duties": ["view"], "email": "a@b.example"},
        after={"name": "Colleague (invented)", "is_active": False, "duties": ["view", "issue"], "email": "a@b.example"},
    )
    (told,) = timeline(other)
    assert (told.who, told.verb) == ("shanghai", "Changed")
    assert set(told.changes) == {
        ("Name", "", "Colleague (invented)"),
        ("Active", "yes", "no"),
        ("Duties", "view", "view, issue passes"),
    }


def test_moments_are_told_by_the_clock_in_china(shanghai):
    record(shanghai, "changed", by=None, after={"created_at": datetime.fromisoformat("2022-05-09T16:00:00+00:00")})
    entry = AuditEntry.objects.get()
    assert entry.told.changes == [("Created", "", "2022-05-10 00:00")]
    assert entry.told.who == "the system"


def test_what_a_kind_of_row_no_longer_has_is_still_told(shanghai):
    entry = AuditEntry(subject="gone.thing", subject_id="1", verb="changed", before={"x": 1}, after={"x": 2})
    assert (entry.kind, entry.told.changes, entry.has_page) == ("gone.thing", [("X", "1", "2")], False)


def test_values_of_a_strange_shape_break_nothing(shanghai):
    shapes = {
        "duties": [["a"], {"b": 1}, None],
        "name": {"a": [1]},
        "office": "x",
        "created_at": "2022-99-99T00:00",
        "is_active": 0,
    }
    entry = AuditEntry(subject="accounts.user", subject_id="1", verb="x", before={}, after=shapes)
    assert len(entry.told.changes) == 5
