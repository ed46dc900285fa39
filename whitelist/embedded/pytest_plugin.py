"""Throw-away services for the tests: load with `-p`, early enough to stand before the settings are imported."""

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from whitelist.embedded.services import services

_open = ExitStack()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Workers of a parallel run inherit the variables, and so find nothing left to start."""
    state = Path(tempfile.mkdtemp(prefix="wl-test-"))
    _open.callback(shutil.rmtree, state, ignore_errors=True)
    _open.enter_context(services(state, test=True))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    _open.close()
