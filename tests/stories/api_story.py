"""The main job through the API alone: `python -m tests.stories.api_story` starts the product and tells it.

A province imports enterprises and drafts a batch; a second person decides and publishes; an enterprise reports;
the ministry runs the day; another system reads the warning and the figures.
"""

import io
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import xlsxwriter

from tests.stories.stack import Caller, Stack
from whitelist.core.codes import check_digit

HEADINGS = ("统一社会信用代码", "企业名称", "所属地市", "所属区县", "行业", "产业链", "领域", "正常日产量")


def code(number):
    body = f"91310115MA1Y{number:05d}"
    return body + check_digit(body)


def workbook(rows):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("企业")
    for line, row in enumerate([HEADINGS, *rows]):
        for place, value in enumerate(row):
            sheet.write_string(line, place, str(value))
    book.close()
    return buffer.getvalue()


def tell(url, token_of, say=lambda sentence: None):
    """Tell the story against a running product; `token_of(username)` gives tokens. Returns the day that was run."""
    editor, approver, firm, ministry, reader = (
        Caller(url, token_of(name))
        for name in ("shanghai-editor", "shanghai-approver", "enterprise-a", "ministry-editor", "system-1")
    )
    yesterday = datetime.now(ZoneInfo("Asia/Shanghai")).date() - timedelta(days=1)

    rows = [
        (code(n), f"浦东故事零件{n}（虚构）", "上海市", "浦东新区", "3670", "automobiles", "strategic", "100")
        for n in range(1, 13)
    ]
    rows.append(
        ("9131O115MA1Y00001O", "坏代码（虚构）", "上海市", "浦东新区", "3670", "automobiles", "strategic", "100")
    )
    status, made, _headers = editor.upload("imports/", "firms.xlsx", workbook(rows), kind="enterprises")
    assert status == 202, made
    seen = editor.until(f"imports/{made['id']}/", lambda body: body["state"] != "parsing")
    assert seen["state"] == "preview", seen
    assert seen["counts"] == {"created": 12, "updated": 0, "unchanged": 0, "rejected": 1}, seen["counts"]
    assert [fault["row"] for fault in seen["faults"] if fault["severity"] == "error"] == [14]
    editor("POST", f"imports/{made['id']}/confirm/", {})
    editor.until(f"imports/{made['id']}/", lambda body: body["state"] == "done")
    say("imported 12 enterprises, 1 row left out with its reason")

    mine = next(each for each in editor.get("white-lists/")["results"] if each["office"]["division"] == "310000")
    _status, batch, _headers = editor("POST", "batches/", {"white_list": mine["id"], "title": "Story"}, expect=201)
    address = f"batches/{batch['id']}/"
    for n in range(1, 6):
        editor("POST", f"{address}lines/", {"action": "add", "enterprise": code(n), "reason": "key_link"}, expect=201)
    editor.step(address, "submit", {"note": "please decide"})
    refused = editor.step(address, "approve", {"note": ""}, expect=403)
    assert refused["code"] == "not_allowed", refused
    assert approver("POST", f"{address}approve/", {"note": ""})[0] == 428
    lines = [line["id"] for line in approver.get(f"{address}lines/")["results"]]
    approver.step(address, "decide", {"lines": lines, "decision": "accept", "reason": ""})
    approver.step(address, "approve", {"note": "agreed"})
    published = approver.step(address, "publish", {"document_number": "Story 1", "effective_on": str(date.today())})
    assert published["status"] == "published", published
    listed = reader.get(f"white-lists/{mine['id']}/listings/?as_of={date.today()}&q={code(1)}")
    assert [each["enterprise"]["uscc"] for each in listed["results"]] == [code(1)], listed
    say(f"batch {published['number']} published with 5 enterprises")

    me = firm.get("me/")["scope"]["enterprise"]
    report = {
        "state": "partial",
        "staff_due": 400,
        "staff_on_duty": 349,
        "output": "61.50",
        "epidemic_cases": 0,
        "reason": "parts are short",
        "stock": [
            {
                "material": firm.get("stock/")["results"][0]["material"],
                "on_hand": "290",
                "daily_use": "100",
                "arrivals": [],
            }
        ],
    }
    status, receipt, _headers = firm("PUT", f"daily-reports/{me}/{yesterday}/", report)
    assert status in (200, 201), receipt
    assert receipt["stock"][0]["cover"] == "2.90" and receipt["stock"][0]["level"] == "red", receipt
    assert firm("PUT", f"daily-reports/{me}/{yesterday + timedelta(days=2)}/", report)[0] == 400
    say(f"report filed, receipt {receipt['receipt']}")

    before = ministry.get(f"warning-runs/{yesterday}/")
    ministry("POST", "warning-runs/", {"day": str(yesterday)}, expect=202)
    done = ministry.until(f"warning-runs/{yesterday}/", lambda run: run["generation"] > before["generation"])
    say(f"day {yesterday} run: {done['counts']}")

    reds = reader.get(f"warnings/?level=red&enterprise={me}")["results"]
    assert report["stock"][0]["material"] in [warning["material"]["code"] for warning in reds], reds
    figures = reader.get(f"statistics/resumption/?day={yesterday}&by=division")
    row = figures["total"]
    assert (
        row["numerator"] <= row["denominator"]
        and sum(row["coverage"][k] for k in ("on_time", "late", "empty", "none")) == row["coverage"]["due"]
    )
    assert reader("GET", "warnings/?colour=red")[0] == 400
    say(f"another system reads {row['rate']} % resumed, {row['numerator']} of {row['denominator']}")
    return yesterday


if __name__ == "__main__":
    with Stack() as stack:
        tell(stack.url, stack.token, print)
