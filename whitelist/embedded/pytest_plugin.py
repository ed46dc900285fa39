"""Throw-away services for the tests: load with `-p`, early enough to stand before the settings are imported."""

import os
import re
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from whitelist.embedded.services import services

DATABASE_OF_BROKER = re.compile(r"(/|\?db=)\d+$")
_open = ExitStack()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Workers of a parallel run inherit the variables, and so find nothing left to start but a broker database."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker:
        os.environ["REDIS_URL"] = DATABASE_OF_BROKER.sub(rf"\g<1>{int(worker[2:]) + 1}", os.environ["REDIS_URL"])
        return
    state = Path(tempfile.mkdtemp(prefix="wl-test-"))
    _open.callback(shutil.rmtree, state, ignore_errors=True)
    _open.enter_context(services(state, test=True))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    _open.close()
