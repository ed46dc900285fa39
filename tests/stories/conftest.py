import os
import shutil
from contextlib import contextmanager

import pytest

from tests.stories.stack import Stack

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def stack():
    """One running product for all stories."""
    with Stack() as running:
        yield running


@contextmanager
def chromium(**options):
    """A headless browser that speaks to nobody but this machine."""
    from playwright.sync_api import sync_playwright

    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=arguments)
        try:
            yield browser.new_context(**options)
        finally:
            browser.close()


@pytest.fixture
def browse():
    """Opens a browser context; the test is skipped where there is no Chromium and that is allowed."""
    if CHROMIUM is None:
        if os.environ.get("WHITELIST_REQUIRE_BROWSER"):
            raise AssertionError("no Chromium on this machine")
        pytest.skip("no Chromium on this machine")
    return chromium
