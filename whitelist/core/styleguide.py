"""Invented data for the page that shows every part of the face."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator

from whitelist.core.days import SHANGHAI
from whitelist.core.templatetags.face import SIGNS, TONES

DAY = date(2022, 5, 9)

# Sign, letters, column, row, invented rate, step of the scale
TILES = """
    黑 HL 8 0 94.5 7 | 蒙 NM 6 1 93.6 6 | 吉 JL 8 1 88.2 3 | 新 XJ 0 2 94.0 6 | 甘 GS 3 2 93.4 6
    宁 NX 4 2 95.5 8 | 京 BJ 6 2 94.0 6 | 津 TJ 7 2 98.0 10 | 辽 LN 8 2 97.7 10 | 兵 XPCC 0 3 94.4 7
    青 QH 2 3 96.3 8 | 陕 SN 4 3 94.7 7 | 晋 SX 5 3 94.1 6 | 冀 HE 6 3 93.7 6 | 鲁 SD 7 3 94.3 7
    藏 XZ 1 4 ? ? | 川 SC 3 4 98.1 10 | 渝 CQ 4 4 98.0 10 | 豫 HA 5 4 98.0 10 | 皖 AH 6 4 94.2 7
    苏 JS 7 4 90.6 4 | 沪 SH 8 4 74.4 0 | 云 YN 3 5 97.5 9 | 贵 GZ 4 5 98.3 10 | 鄂 HB 5 5 98.5 10
    赣 JX 6 5 93.5 6 | 浙 ZJ 7 5 92.8 5 | 桂 GX 4 6 97.2 9 | 湘 HN 5 6 96.1 8 | 粤 GD 6 6 94.1 7
    闽 FJ 7 6 95.9 8 | 琼 HI 5 7 93.6 6
"""

RESUMED = (63.6, 63.8, 63.4, 63.2, 64.9, 64.7, 66.2, 67.0, 67.2, 68.3, 70.1, 71.0, 72.2, 74.3, 76.9, 77.0, 79.0, 81.8,
           82.7, 84.5, 85.3, 86.0, 88.4, 87.5, 88.4, 88.5, 89.8, 89.4, 90.0, 90.8)  # fmt: skip
CAPACITY = (38.4, 40.2, 39.2, 38.8, 39.4, 40.5, 42.6, 42.7, 43.8, 44.5, 48.0, 49.0, 50.6, 52.1, 54.4, 57.0, 60.3, 61.0,
            62.8, 65.6, 65.4, 68.9, 67.8, 69.6, 70.8, 70.2, 72.3, 71.5, 71.2, 72.0)  # fmt: skip
STAFF = (41.0, 42.2, 42.9, 41.6, 42.4, 42.6, 44.2, 45.2, 45.3, 46.4, 47.5, 48.6, 50.3, 52.6, 55.4, 57.6, 60.2, 60.4,
         60.3, 62.4, 64.2, 65.1, 65.0, 66.2, 66.4, 67.2, 66.6, 67.0, 67.4, 67.6)  # fmt: skip


class InventedForm(forms.Form):
    """One field of every shape."""

    STATES = (("normal", "Normal"), ("partial", "Partial"), ("stopped", "Stopped"), ("planned", "Planned"))
    TAGS = (("a", "Leading"), ("b", "Key link"), ("c", "Little giant"))

    state = forms.ChoiceField(label="State of production", choices=STATES, widget=forms.RadioSelect)
    due = forms.IntegerField(label="Staff due")
    on_duty = forms.IntegerField(label="On duty", help_text="People at work at 24:00, each counted once.")
    use = forms.DecimalField(label="Electricity", required=False)
    inbound = forms.ChoiceField(label="Goods can come in", choices=[("yes", "Yes"), ("no", "No")])
    email = forms.EmailField(label="Whom to tell", required=False)
    tags = forms.MultipleChoiceField(label="Tags", choices=TAGS, widget=forms.CheckboxSelectMultiple, required=False)
    paper = forms.FileField(label="Paper", required=False, help_text="PDF or picture, at most 20 MB.")
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    sure = forms.BooleanField(label="I have checked the figures with the workshop")


def tiles() -> list[dict[str, Any]]:
    """Thirty-two units with invented rates, one of them not known."""
    drawn = []
    for line in TILES.replace("|", "\n").strip().splitlines():
        short, letter, col, row, value, bucket = line.split()
        known = value != "?"
        drawn.append(
            {
                "short": short,
                "letter": letter,
                "col": int(col),
                "row": int(row),
                "value": value if known else None,
                "bucket": int(bucket) if known else None,
                "href": f"#{letter}",
                "title": f"{letter}: {value if known else 'not known'}",
            }
        )
    return drawn


def series() -> list[dict[str, Any]]:
    """Three invented rates over thirty days, two days carried forward and one missing."""
    days = [DAY - timedelta(days=29 - index) for index in range(30)]
    lines = {"resumed": RESUMED, "capacity": CAPACITY, "on duty": STAFF}
    drawn: list[dict[str, Any]] = []
    for key, values in lines.items():
        points = [
            (on, None if index == 20 and key == "on duty" else value, index in (8, 9))
            for index, (on, value) in enumerate(zip(days, values, strict=True))
        ]
        drawn.append({"key": key, "label": key, "points": points})
    return drawn


def entries() -> list[dict[str, Any]]:
    """Three steps of an invented history."""
    changes = {"Chain": ("Equipment", "Automobiles"), "Staff": (None, "4,200")}
    steps: tuple[tuple[int, str, str, str, dict[str, Any]], ...] = (
        (17, "Submitted", "Editor, Shanghai", "128 lines, recommended by the districts.", {}),
        (16, "Amended", "Editor, Shanghai", "", changes),
        (9, "Drafted", "Editor, Jiading", "", {}),
    )
    return [
        {"at": datetime(2022, 5, 9, hour, 42, tzinfo=SHANGHAI), "verb": verb, "who": who, "note": note, "changes": made}
        for hour, verb, who, note, made in steps
    ]


def rows() -> list[dict[str, Any]]:
    """Invented enterprises with a level each."""
    names = ("name", "code", "place", "chain", "level", "cover", "stock", "state", "label")
    cells = (
        ("Huadong Motor", "913100001322100001", "Shanghai · Jiading", "Automobiles", "red", "2.1 d", 630),
        ("Tianqing Auto", "912201012345678900", "Jilin · Changchun", "Automobiles", "yellow", "5.0 d", 1290),
        ("Ruifeng Display", "913205000000000001", "Jiangsu · Suzhou", "Consumer electronics", "blue", "11 d", 70),
        ("Minhang Textile", "91310112660712345X", "Shanghai · Minhang", "Food", "grey", "", None),
        ("Lanxin Film", "91320500MA1Y0K2X4D", "Jiangsu · Suzhou", "Integrated circuits", "normal", "15 d", 9000),
    )
    states = ("submitted", "published", "returned", "draft", "withdrawn")
    return [
        dict(zip(names, (f"{row[0]} (invented)", *row[1:], value, value.capitalize()), strict=True))
        for row, value in zip(cells, states, strict=True)
    ]


def context() -> dict[str, Any]:
    """Everything the style guide's template asks for."""
    wrong = InventedForm(data={"state": "partial", "due": "4200", "on_duty": "many", "inbound": "yes"})
    return {
        "day": DAY,
        "now": datetime(2022, 5, 10, 12, 31, tzinfo=SHANGHAI),
        "spark": [61.2, 63.0, 64.4, 66.1, 69.0, 68.2, None, 70.5, 72.4, 72.3, 73.9, 74.8],
        "tiles": tiles(),
        "series": series(),
        "entries": entries(),
        "changes": [("Plant", "Jiading", "Pudong"), ("Staff", 4200, 3010), ("Tag", None, "Key link")],
        "rows": rows(),
        "form": InventedForm(initial={"state": "partial", "due": 4200, "on_duty": 3010, "use": 184300}),
        "wrong": wrong,
        "page_obj": Paginator(range(22522), 50).get_page(7),
        "identity": "310101199001011234",
        "tones": [(tone, tone.capitalize()) for tone in SIGNS],
        "states": [(name, name.capitalize()) for name in TONES],
        "levels": ["red", "yellow", "blue", "grey", "normal"],
    }
