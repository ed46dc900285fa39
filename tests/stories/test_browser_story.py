"""The main job as people do it, in a real browser, in both languages: from a workbook to the ministry's board."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.shots import sign_in
from tests.stories.api_story import code, workbook
from tests.stories.stack import Caller

pytestmark = [pytest.mark.slow, pytest.mark.browser]

WORDS = {
    "en": {"published": "published", "receipt": "Receipt", "red": "red"},
    "zh-hans": {"published": "已发布", "receipt": "回执", "red": "红"},
}


class Visitor:
    """One signed-in person: complaints of the browser about scripts, styles and foreign hosts are collected."""

    def __init__(self, context, stack, username, language):
        context.add_cookies([{"name": "language", "value": language, "url": stack.url}])
        self.page, self.base, self.complaints = context.new_page(), stack.url, []
        self.page.set_default_timeout(30_000)
        self.page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))
        self.page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        self.page.on(
            "response", lambda answer: answer.status >= 400 and self.complaints.append(f"{answer.status} {answer.url}")
        )
        self.page.on("request", self._check_host)
        sign_in(self.page, stack.url, username)

    def _check_host(self, request):
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.complaints.append(f"asked a foreign host: {request.url}")

    def open(self, path):
        answer = self.page.goto(f"{self.base}{path}")
        assert answer.status == 200, f"{path}: {answer.status}"
        return self.page

    def reads(self, path, words, tries=20):
        """Open a page until it says the words: what workers do afterwards takes a moment."""
        for _try in range(tries):
            if words in self.open(path).inner_text("main"):
                return
            self.page.wait_for_timeout(1000)
        raise AssertionError(f"{path} never said {words}")

    def barriers(self):
        """What hinders people with a keyboard or a screen reader on this page."""
        found = Axe().run(self.page, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
        return [f"{each['id']}: {[node['target'] for node in each['nodes']][:3]}" for each in found]


@pytest.fixture(params=["en", "zh-hans"])
def language(request):
    return request.param


@pytest.fixture
def visit(browse, stack, language):
    """`with visit("shanghai-editor") as visitor:`; leaving it, the browser must have had nothing to complain of."""
    from contextlib import contextmanager

    @contextmanager
    def visiting(username, **screen):
        with browse(locale=language, accept_downloads=True, **screen) as context:
            visitor = Visitor(context, stack, username, language)
            yield visitor
            assert visitor.complaints == []

    return visiting


def test_from_a_workbook_to_the_board(visit, stack, language, tmp_path: Path):
    words = WORDS[language]
    first = 100 if language == "en" else 200
    numbers = range(first, first + 4)
    rows = [
        (code(n), f"浦东浏览零件{n}（虚构）", "上海市", "浦东新区", "3670", "automobiles", "strategic", "100")
        for n in numbers
    ]
    book = tmp_path / "firms.xlsx"
    book.write_bytes(workbook([*rows, ("123", "短码（虚构）", "上海市", "浦东新区", "", "", "", "")]))

    with visit("shanghai-editor") as editor:
        page = editor.open("/imports/new/?kind=enterprises")
        page.set_input_files("input[type=file]", str(book))
        page.click("main form[enctype] button.primary")
        page.wait_for_selector("form[action$='/confirm/']")
        assert "123" in page.inner_text("main")
        assert editor.barriers() == []
        page.click("form[action$='/confirm/'] button")
        page.wait_for_selector("main .page-actions a.primary[href*='/enterprises/']")

        page = editor.open("/lists/")
        press(page, "main tbody tr:has-text('上海市重点工业') a[href^='/lists/']")
        press(page, "a[href$='/batches/add/']")
        page.fill("main input[name=title]", f"Browser {language}")
        press(page, "main form button.primary")
        page.fill("textarea[name=codes]", "\n".join(code(n) for n in numbers))
        press(page, "form[action*='/paste/'] button")
        batch = re.search(r"/batches/\d+/", page.url)[0]
        assert all(code(n) in page.inner_text("main") for n in numbers)
        assert editor.barriers() == []
        press(page, f"a[href='{batch}submit/']")
        submit(page, f"{batch}submit/")
        assert not page.locator(f"form[action='{batch}approve/']").count(), "the author is not offered the approval"

    with visit("shanghai-approver") as approver:
        approver.reads("/notices/", f"Browser {language}")
        page = approver.open(batch)
        page.keyboard.press("j")
        page.keyboard.press("a")
        page.wait_for_load_state("networkidle")
        page = approver.open(batch)
        press(page, "button[form=decide][value=accept_rest]")
        submit(page, f"{batch}approve/")
        page = approver.open(batch)
        page.fill("input[name=document_number]", f"Browser {language} 1")
        submit(page, f"{batch}publish/")
        assert words["published"] in page.inner_text("h1").lower()
        assert approver.barriers() == []

    with visit("enterprise-a", viewport={"width": 360, "height": 760}) as clerk:
        page = clerk.open("/today/")
        if not page.locator("input[name=staff_on_duty]").count():
            press(page, "a[href*='correct=1']")
        duty = page.locator("input[name=staff_on_duty]")
        duty.fill(str(int(duty.input_value().replace(",", "") or 100) - (1 if language == "en" else 2)))
        page.locator("input[name$='on_hand']").first.fill("10" if language == "en" else "20")
        page.locator("input[name$='daily_use']").first.fill("100")
        page.fill("[name=reason]", f"parts are short, {language}")
        press(page, "main form .form-actions button.primary")
        assert words["receipt"] in page.inner_text("main")
        assert clerk.barriers() == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360

    yesterday = str(datetime.now(ZoneInfo("Asia/Shanghai")).date() - timedelta(days=1))
    ministry = Caller(stack.url, stack.token("ministry-editor"))
    before = ministry.get(f"warning-runs/{yesterday}/")["generation"]
    ministry("POST", "warning-runs/", {"day": yesterday}, expect=202)
    ministry.until(f"warning-runs/{yesterday}/", lambda run: run["generation"] > before)

    with visit("ministry-view") as viewer:
        page = viewer.open(f"/?day={yesterday}")
        assert viewer.barriers() == []
        reds = page.locator("main .figures a[href*='level=red']").first
        number = int(re.sub(r"\D", "", reds.inner_text()))
        assert number > 0
        with page.expect_navigation():
            reds.click()
        assert words["red"] in page.inner_text("main").lower()
        assert viewer.barriers() == []


def press(page, selector):
    """Click what leads to another page, and wait until that stands."""
    with page.expect_navigation():
        page.locator(selector).last.click()


def submit(page, action):
    """Press the button of the form with this action, whether it stands in the head of the page or asks first."""
    press(page, f"form[action^='{action}'] button:not([disabled])")
