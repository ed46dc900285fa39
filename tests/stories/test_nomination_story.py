"""A Shanghai buyer nominates its supplier in Jilin; Jilin decides it onto its list; and in Shanghai it counts."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.stories.stack import Caller
from tests.stories.test_browser_story import language, press, submit, visit  # noqa: F401
from whitelist.core.codes import check_digit

pytestmark = [pytest.mark.slow, pytest.mark.browser]

NUMBERS = {"en": 70001, "zh-hans": 70002}


def code_in_jilin(number):
    body = f"91220102MA1Y{number:05d}"
    return body + check_digit(body)


def settle(caller, name, code):
    """The supplier is in Jilin's register, and its buyer has declared that it is supplied by it."""
    firm = {"uscc": code, "name": name, "division": "220102", "chain": "automobiles", "field": "strategic"}
    caller("jilin-editor")("POST", "enterprises/", firm, expect=201)
    buyer = caller("enterprise-a")
    own = buyer.get("enterprises/")["results"][0]["uscc"]
    link = {"supplier": code, "buyer": own, "material": "ecu-12v", "is_sole_source": True}
    buyer("POST", "supply-links/", link, expect=201)


def test_from_a_nomination_to_recognition_elsewhere(visit, stack, language):  # noqa: F811
    today = str(datetime.now(ZoneInfo("Asia/Shanghai")).date())
    code, name = code_in_jilin(NUMBERS[language]), f"长春提名线束{NUMBERS[language]}（虚构）"

    def caller(username):
        return Caller(stack.url, stack.token(username))

    settle(caller, name, code)
    shanghai = caller("shanghai-editor")
    question = f"recognition/?uscc={code}&division=310000&as_of={today}"
    assert shanghai.get(question)["recognised"] is False

    with visit("enterprise-a") as buyer:
        page = buyer.open(f"/supply-links/?q={NUMBERS[language]}")
        press(page, "a[href*='/nominations/add/?link=']")
        assert name in page.locator("input[name=supplier]").input_value()
        assert code not in page.inner_html("main"), "of a partner elsewhere the name alone"
        page.fill("input[name=contract_number]", f"HT-{language}")
        page.fill("input[name=contract_on]", today)
        page.fill("textarea[name=why]", "Without its harness the line stands still.")
        page.check("input[name=undertaking]")
        assert buyer.barriers() == []
        press(page, "main form .form-actions button.primary")
        nomination = re.search(r"/nominations/\d+/", page.url)[0]
        assert page.locator(".journey .now").count() == 1
        assert buyer.barriers() == []

    with visit("jilin-editor") as editor:
        editor.reads("/notices/", name)
        page = editor.open(nomination)
        assert "Without its harness" in page.inner_text("main")
        assert editor.barriers() == []
        press(page, f"form[action='{nomination}accept/'] button")
        press(page, "main .page-actions a.primary[href^='/batches/']")
        batch = re.search(r"/batches/\d+/", page.url)[0]
        assert name in page.inner_text("main") and f"HT-{language}" in page.inner_text("main")
        press(page, f"a[href='{batch}submit/']")
        submit(page, f"{batch}submit/")

    with visit("jilin-approver") as approver:
        page = approver.open(batch)
        press(page, "button[form=decide][value=accept_rest]")
        submit(page, f"{batch}approve/")
        page = approver.open(batch)
        page.fill("input[name=document_number]", f"Nomination {language} 1")
        submit(page, f"{batch}publish/")

    with visit("enterprise-a", viewport={"width": 360, "height": 760}) as buyer:
        page = buyer.open(nomination)
        assert page.locator(".journey .done").count() == 5
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert buyer.barriers() == []

    answer = shanghai.get(question)
    assert answer["recognised"] is True
    assert {ground["basis"] for ground in answer["grounds"]} == {"agreement"}
    with visit("shanghai-editor") as reader:
        page = reader.open(f"/recognised/ask/?uscc={code}&division=310000&as_of={today}")
        assert page.locator(".answer-yes").count() == 1
        page = reader.open(nomination)
        assert page.locator(".journey .done").count() == 5, "the buyer's office follows it to its end"
