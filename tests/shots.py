"""`make shots`: a picture of every page, in both languages, at desk and phone width, into .local/shots; look at them.

`make shots ONLY=board` takes those whose name contains the word. The README's picture is docs/board.png.
"""

import os
import shutil
import sys
from pathlib import Path

from tests.stories.api_story import code, workbook
from tests.stories.conftest import chromium
from tests.stories.stack import ROOT, Caller, Stack

OUT = ROOT / ".local" / "shots"
PASSWORD = "whitelist-demo"
WIDTHS = {"desk": (1440, 1000), "phone": (360, 760)}
LANGUAGES = {"en": "en", "zh": "zh-hans"}

IMPORT = 'main tbody a[href^="/imports/"]'
OWN_LIST = 'main tbody tr:has-text("上海") a[href^="/lists/"]'

# user → name of the picture → address, or (address of a list, which link of it to follow)
PAGES = {
    None: {"sign-in": "/sign-in/", "missing": "/nothing-here/", "public": "/public/", "styleguide": "/styleguide/"},
    "ministry-editor": {
        "board-nation": "/",
        "board-nation-red": "/?figure=red",
        "lists": "/lists/",
        "list": ("/lists/", 'main a[href^="/lists/"]:not([href*="add"])'),
        "warnings": "/warnings/",
        "warning": ("/warnings/?level=red", 'main tbody a[href^="/warnings/"]'),
        "recognition-matrix": "/recognitions/matrix/",
        "rules": "/rules/",
        "reports": "/reports/",
        "materials": "/materials/",
        "audit": "/audit/",
    },
    "shanghai-editor": {
        "board-province": "/",
        "enterprises": "/enterprises/",
        "enterprises-none": "/enterprises/?q=zzzzzz",
        "enterprise": ("/enterprises/", 'main tbody a[href^="/enterprises/"]'),
        "enterprise-edit": ("/enterprises/", 'main tbody a[href^="/enterprises/"]', "edit/"),
        "enterprise-add": "/enterprises/add/",
        "supply-links": "/supply-links/",
        "imports": "/imports/",
        "import-new": "/imports/new/?kind=enterprises",
        "import-preview": ("/imports/?state=preview", IMPORT),
        "import-columns": ("/imports/?state=preview", IMPORT, "columns/"),
        "import-refused": ("/imports/?state=refused", IMPORT),
        "import-done": ("/imports/?state=done", IMPORT),
        "import-undo": "/imports/{created}/undo/",
        "import-undo-kept": "/imports/{corrected}/undo/",
        "recognitions": "/recognitions/",
        "recognition": ("/recognitions/", 'main tbody a[href^="/recognitions/"]'),
        "recognised": "/recognised/",
        "recognised-ask": "/recognised/ask/?uscc={listed}&division=310000",
        "list-diff": ("/lists/", OWN_LIST, "diff/"),
        "list-closing": ("/lists/", OWN_LIST, "closing/"),
        "nominations": "/nominations/",
        "nomination": ("/nominations/", 'main tbody a[href^="/nominations/"]'),
        "adjustments": "/adjustments/",
        "adjustment": ("/adjustments/", 'main tbody a[href^="/adjustments/"]'),
        "batches": "/batches/",
        "batch-draft": ("/batches/?status=draft", 'main tbody a[href^="/batches/"]'),
        "silent": "/reports/?answer=none",
        "notices": "/notices/",
    },
    "shanghai-approver": {
        "batch-submitted": ("/batches/?status=submitted", 'main tbody a[href^="/batches/"]'),
        "batch-published": ("/batches/?status=published", 'main tbody a[href^="/batches/"]'),
        "batch-notice": ("/batches/?status=published", 'main tbody a[href^="/batches/"]', "notice/"),
        "recognition-add": "/recognitions/add/",
        "users": "/users/",
        "user-add": "/users/add/",
        "user": ("/users/", 'main tbody a[href^="/users/"]'),
        "user-of-enterprise": ("/users/?q=enterprise-", 'main tbody a[href^="/users/"]'),
        "enterprise-users": "/enterprises/{clerked}/",
        "enterprise-users-none": ("/enterprises/?sort=-name", 'main tbody a[href^="/enterprises/"]'),
        "enterprise-user-add": "/enterprises/{clerked}/users/add/",
    },
    "changchun-editor": {"board-prefecture": "/"},
    "enterprise-a": {
        "report": "/today/",
        "own-listing": "/listing/",
        "own-warnings": "/warnings/",
        "own-enterprise": ("/today/", '.who a[href^="/enterprises/"]'),
        "password": "/me/password/",
    },
}


def prepare(stack):
    """Imports in every state that has a page of its own: a preview with faults, a refused file, one that is done."""
    editor = Caller(stack.url, stack.token("shanghai-editor"))
    wrong = (
        ("9131O115MA1Y00001O", "坏代码（虚构）", "上海市", "浦东新区", "3670", "汽车", "战略", "100"),
        (code(31), "浦东图样零件31（虚构）", "上海市", "浦东新区", "3670", "火箭", "", "一百"),
        (code(32), "长春图样零件（虚构）", "吉林省", "长春市", "3670", "汽车", "", "100"),
    )
    right = [
        (code(n), f"浦东图样零件{n}（虚构）", "上海市", "浦东新区", "3670", "汽车", "", "100") for n in range(20, 30)
    ]
    reports = editor.get("daily-reports/?limit=4")["results"]
    told = [f"{each['enterprise']['uscc']},{each['day']},正常,99999,99000" for each in reports]
    table = "\n".join(["信用代码,日期,生产状态,应到岗人数,到岗人数", *told])
    corrected = done(editor, "日报图样.csv", table.encode(), "daily-reports")
    for each in reports[:2]:
        place = f"daily-reports/{each['enterprise']['uscc']}/{each['day']}/"
        editor("PUT", place, {"state": "partial", "staff_due": 99999, "staff_on_duty": 45, "stock": []}, expect=200)
    created = done(editor, "图样一.xlsx", workbook(right[:6]), "enterprises")
    previewed(editor, "图样二.xlsx", workbook([*right, *wrong]), "enterprises")
    odd = "厂家,电话\n甲厂（虚构）,1\n".encode("gb18030")
    made = editor.upload("imports/", "没有代码.csv", odd, kind="enterprises", expect=202)[1]
    editor.until(f"imports/{made['id']}/", lambda body: body["state"] == "refused")
    clerk = Caller(stack.url, stack.token("enterprise-a")).get("me/")
    return {
        "listed": editor.get("enterprises/?listed=true")["results"][0]["uscc"],
        "clerked": clerk["scope"]["enterprise"],
        "created": created,
        "corrected": corrected,
    }


def previewed(editor, name, content, kind):
    made = editor.upload("imports/", name, content, kind=kind, expect=202)[1]
    editor.until(f"imports/{made['id']}/", lambda body: body["state"] == "preview")
    return made["id"]


def done(editor, name, content, kind):
    number = previewed(editor, name, content, kind)
    editor("POST", f"imports/{number}/confirm/", {}, expect=200)
    editor.until(f"imports/{number}/", lambda body: body["state"] == "done")
    return number


def sign_in(page, base, username):
    page.goto(f"{base}/sign-in/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button.primary")
    page.wait_for_load_state("networkidle")


def open_page(page, base, where, known):
    """Go to an address, or to the first thing a list's selector finds, and further down from there."""
    if isinstance(where, str):
        return page.goto(base + where.format(**known))
    page.goto(base + where[0])
    link = page.locator(where[1]).first
    if not link.count():
        return None
    return page.goto(base + link.get_attribute("href").partition("?")[0] + "".join(where[2:]))


def take(stack, word=""):
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    wrong, known = [], prepare(stack)
    for tongue, language in LANGUAGES.items():
        for width, (across, down) in WIDTHS.items():
            for user, pages in PAGES.items():
                wanted = {name: where for name, where in pages.items() if word in name}
                if not wanted:
                    continue
                with chromium(viewport={"width": across, "height": down}, locale=language) as context:
                    cookie = {"name": "language", "value": language, "url": stack.url}
                    context.add_cookies([cookie])
                    page = context.new_page()
                    if user:
                        sign_in(page, stack.url, user)
                    for name, where in wanted.items():
                        answer = open_page(page, stack.url, where, known)
                        picture = OUT / f"{name}-{tongue}-{width}.png"
                        page.screenshot(path=picture, full_page=True)
                        wide = page.evaluate("document.documentElement.scrollWidth") > across
                        if answer is None or (answer.status != 200 and name != "missing") or wide:
                            wrong.append(
                                f"{picture.name}: {answer and answer.status}{' wider than the screen' if wide else ''}"
                            )
    return wrong


def main():
    with Stack() as stack:
        wrong = take(stack, os.environ.get("ONLY", "") or "".join(sys.argv[1:2]))
    pictures = len(list(Path(OUT).glob("*.png")))
    print(f"{pictures} pictures in {OUT.relative_to(ROOT)}")
    board = OUT / "board-nation-en-desk.png"
    if board.exists():
        shutil.copy(board, ROOT / "docs" / "board.png")
    for line in wrong:
        print(f"wrong: {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
