"""Lock three: imports follow the map, from the roof down, and never the other way."""

import pytest

from tests.architecture.house import APPS, KINDS, SURFACES, arrows, kind_of, modules, room_of, rooms

FLOORS = {"whitelist": 0, "enterprises": 1, "logistics": 2, "alerts": 3}
HALLWAYS = {"apps", "models", "urls", "api_urls", "tasks", "admin"}
# The one surface that a room above extends: the report's answer gains cover and level, which are judged upstairs.
STATED = {
    ("alerts.warnings.api", "enterprises.resumption.api"),
    ("alerts.warnings.api_urls", "enterprises.resumption.api_urls"),
}


def app_of(module):
    return module.partition(".")[0]


def test_the_map_names_every_room():
    standing = {room_of(name) for name, _path in modules()} - {None}
    assert standing == set(rooms())
    for name, path in modules():
        if path.name == "models.py" and path.parent.name not in APPS:
            assert room_of(name), f"{name} stands in no room of docs/map.md"


@pytest.mark.parametrize("arrow", arrows(), ids=str)
def test_no_arrow_runs_back_up(arrow):
    source, target = arrow.source, arrow.target
    if target.startswith("whitelist.embedded"):
        assert source.startswith("whitelist.embedded"), "the embedded services are imported by nothing"
        return
    if (source, target) in STATED:
        return
    assert FLOORS[app_of(target)] <= FLOORS[app_of(source)], "an app imports only what stands below it"
    here, there = room_of(source), room_of(target)
    if here and there and here != there:
        assert rooms().index(there) < rooms().index(here), f"{here} stands below {there}"
    if app_of(source) != app_of(target) and app_of(target) != "whitelist":
        assert kind_of(target) not in SURFACES, "another app's doors are its models and services"
    if here and here == there and kind_of(source) in KINDS and kind_of(target) in KINDS:
        assert KINDS[kind_of(target)] <= KINDS[kind_of(source)], (
            "within a room: nouns, verbs, shapes, surfaces, addresses"
        )


def test_settings_urls_and_celery_name_apps_only_as_strings():
    for arrow in arrows():
        if arrow.source.startswith("whitelist.settings") or arrow.source in ("whitelist.urls", "whitelist.celery"):
            assert arrow.target.startswith(("whitelist.settings", "whitelist.core")), str(arrow)
