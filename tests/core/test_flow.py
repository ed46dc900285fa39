"""A workflow is a table: what it offers, refuses and draws comes from the table alone."""

from types import SimpleNamespace

import pytest

from whitelist.core.errors import NotAllowed, WrongState
from whitelist.core.flow import Flow, step


def may_write(user, row):
    return "write" in user


def may_decide(user, row):
    return "decide" in user


FLOW = Flow(
    "status",
    step("submit", source={"draft"}, target="submitted", by=may_write, label="Submit", tone="primary"),
    step("return", source={"submitted"}, target="draft", by=may_decide, label="Return…"),
    step("drop", source={"draft", "submitted"}, target="dropped", by=may_write, label="Drop"),
)


def row(status):
    return SimpleNamespace(status=status, get_status_display=lambda: status.upper())


@pytest.mark.parametrize(
    ("user", "status", "offered"),
    [
        ("write", "draft", ["submit", "drop"]),
        ("write", "submitted", ["drop"]),
        ("decide", "submitted", ["return"]),
        ("write decide", "submitted", ["return", "drop"]),
        ("", "draft", []),
        ("write decide", "dropped", []),
    ],
)
def test_what_is_offered_is_what_is_allowed_now(user, status, offered):
    assert [each.name for each in FLOW.open_to(user, row(status))] == offered
    for name in FLOW.steps:
        if name in offered:
            assert FLOW.check(row(status), name, by=user).target
        else:
            with pytest.raises((NotAllowed, WrongState)):
                FLOW.check(row(status), name, by=user)


def test_duty_is_asked_before_state():
    with pytest.raises(NotAllowed):
        FLOW.check(row("dropped"), "submit", by="decide")


def test_a_wrong_state_says_which_step_and_which_state():
    with pytest.raises(WrongState, match=r"“Submit” is not possible: this is DROPPED now\."):
        FLOW.check(row("dropped"), "submit", by="write")


def test_a_step_nobody_wrote_does_not_exist():
    with pytest.raises(KeyError):
        FLOW.check(row("draft"), "fly", by="write decide")


def test_steps_cannot_be_changed_once_made():
    with pytest.raises(AttributeError):
        FLOW.steps["submit"].target = "dropped"


def test_the_drawing_holds_every_arrow():
    assert FLOW.drawing() == (
        "stateDiagram-v2\n"
        "    draft --> submitted: submit\n"
        "    submitted --> draft: return\n"
        "    draft --> dropped: drop\n"
        "    submitted --> dropped: drop\n"
    )
