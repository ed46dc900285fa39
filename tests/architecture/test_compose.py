"""The deployment file: valid by the Compose specification, and closed but for the proxy."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from whitelist.embedded.places import CHECKOUT

SCHEMA = json.loads((Path(__file__).parent / "compose_schema.json").read_text())
TEXT = (CHECKOUT / "docker-compose.yml").read_text()
EXAMPLE = (CHECKOUT / ".env.example").read_text()
OURS = ("migrate", "web", "worker", "beat")


@pytest.fixture
def compose():
    return yaml.safe_load(TEXT)


def test_it_is_valid_by_the_specification(compose):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    faults = [f"{fault.json_path}: {fault.message}" for fault in validator().iter_errors(compose)]
    assert faults == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda compose: compose["services"]["web"].update(comand="typing error"),
        lambda compose: compose["services"]["web"].update(init="perhaps"),
        lambda compose: compose["services"]["migrate"]["build"].update(dockerfile_in_line="FROM scratch"),
        lambda compose: compose["services"]["web"]["depends_on"].update(migrate={"condition": "some day"}),
        lambda compose: compose["services"]["database"]["healthcheck"].update(interval=5),
        lambda compose: compose["configs"].update(proxy={"contents": "misspelt"}),
    ],
)
def test_the_schema_sees_mistakes(compose, spoil):
    spoil(compose)
    assert list(validator().iter_errors(compose))


def test_only_the_proxy_is_published(compose):
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]
    assert compose["networks"]["inside"]["internal"] is True
    assert all(compose["services"][name]["networks"] == ["inside"] for name in ("database", "broker"))


def test_our_processes_run_reaped_and_without_privileges(compose):
    for name in OURS:
        service = compose["services"][name]
        assert service["init"] is True and service["cap_drop"] == ["ALL"]
    assert "\nUSER whitelist" in compose["services"]["migrate"]["build"]["dockerfile_inline"]


def test_everything_named_exists(compose):
    for service in compose["services"].values():
        assert set(service["networks"]) <= set(compose["networks"])
        assert set(service.get("depends_on", ())) <= set(compose["services"])
        assert {volume.split(":")[0] for volume in service.get("volumes", ())} <= set(compose["volumes"])
        assert {config["source"] for config in service.get("configs", ())} <= set(compose["configs"])


def test_every_variable_is_explained():
    used = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", TEXT))
    for settings in (CHECKOUT / "whitelist/settings").glob("*.py"):
        used |= set(
            re.findall(r"""(?:environ(?:\.get\(|\[)|required\(|flag\(|words\()["']([A-Z_]+)""", settings.read_text())
        )
    explained = set(re.findall(r"^(?:# )?([A-Z_]+)=", EXAMPLE, re.MULTILINE))
    assert used <= explained


def test_no_secret_is_given_away():
    for name in ("SECRET_KEY", "SIGNING_KEY", "POSTGRES_PASSWORD"):
        assert re.search(rf"^{name}=$", EXAMPLE, re.MULTILINE)


def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(SCHEMA)
