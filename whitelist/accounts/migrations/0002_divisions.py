"""Load the divisions of GB/T 2260 and an industry office for the nation and each of the 37 reporting units.

The codes come from python-stdnum, which carries the standard with its history; English names of the provincial level are
those in common use, below it they are the pinyin of the name.
"""

import os
import re

import stdnum.cn
from django.db import migrations
from pypinyin import lazy_pinyin

PROVINCES = {
    "11": "Beijing", "12": "Tianjin", "13": "Hebei", "14": "Shanxi", "15": "Inner Mongolia", "21": "Liaoning", "22": "Jilin",
    "23": "Heilongjiang", "31": "Shanghai", "32": "Jiangsu", "33": "Zhejiang", "34": "Anhui", "35": "Fujian", "36": "Jiangxi",
    "37": "Shandong", "41": "Henan", "42": "Hubei", "43": "Hunan", "44": "Guangdong", "45": "Guangxi", "46": "Hainan",
    "50": "Chongqing", "51": "Sichuan", "52": "Guizhou", "53": "Yunnan", "54": "Tibet", "61": "Shaanxi", "62": "Gansu",
    "63": "Qinghai", "64": "Ningxia", "65": "Xinjiang",
}  # fmt: skip
OWN_REPORTERS = {"210200": "Dalian", "330200": "Ningbo", "350200": "Xiamen", "370200": "Qingdao", "440300": "Shenzhen"}
CORPS = ("660000", "新疆生产建设兵团", "Xinjiang Production and Construction Corps")
PERIOD = re.compile(r"^\[(\d*)-(\d*)\](.*)$")
SUFFIX = re.compile(r"(?<=..)(特别行政区|自治区|自治州|自治县|自治旗|地区|新区|矿区|林区|省|市|区|县|盟|旗)$")


def _now(names):
    """Today's name out of a history such as "[-1991]东郊区,[1992-]东丽区", None where the code is abolished."""
    for part in names.split(","):
        period = PERIOD.match(part)
        if period is None:
            return part
        if not period[2]:
            return period[3]
    return None


def _rows():
    source = os.path.join(os.path.dirname(stdnum.cn.__file__), "loc.dat")
    province = None
    with open(source, encoding="utf-8") as lines:
        for line in lines:
            top = re.match(r'(\d\d) province="(.+)"', line)
            below = re.match(r'\s+(\d{4}) county="(.+)"', line)
            if top:
                province = top[1] if top[1] in PROVINCES else None
                if province:
                    yield f"{province}0000", _now(top[2])
            elif below and province and below[1] != "0000":
                name = _now(below[2])
                if name:
                    yield f"{province}{below[1]}", name


def _english(code, name):
    if code.endswith("0000"):
        return PROVINCES[code[:2]]
    return OWN_REPORTERS.get(code) or "".join(lazy_pinyin(SUFFIX.sub("", name))).capitalize()


def load(apps, schema_editor):
    Division = apps.get_model("accounts", "Division")
    Office = apps.get_model("accounts", "Office")
    rows = dict(_rows())
    made = [Division(code="000000", name="全国", name_en="Nation", level="nation")]
    for code, name in rows.items():
        level = "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"
        own = f"{code[:4]}00"
        parent = (
            "000000" if level == "province" else f"{code[:2]}0000" if level == "prefecture" or own not in rows else own
        )
        unit = level == "province" or code in OWN_REPORTERS
        made.append(
            Division(
                code=code,
                name=name,
                name_en=_english(code, name),
                level=level,
                parent_id=parent,
                is_reporting_unit=unit,
            )
        )
    made.append(
        Division(
            code=CORPS[0], name=CORPS[1], name_en=CORPS[2], level="province", parent_id="000000", is_reporting_unit=True
        )
    )
    made.sort(key=lambda division: ("nation", "province", "prefecture", "county").index(division.level))
    Division.objects.bulk_create(made, batch_size=1000)
    Office.objects.bulk_create(
        Office(
            division=division,
            kind="industry",
            name="工业和信息化部" if division.level == "nation" else f"{division.name}工业和信息化主管部门",
            name_en="Ministry of Industry and Information Technology"
            if division.level == "nation"
            else f"{division.name_en} industry and information technology authority",
        )
        for division in made
        if division.is_reporting_unit or division.level == "nation"
    )


def unload(apps, schema_editor):
    apps.get_model("accounts", "Office").objects.all().delete()
    for level in ("county", "prefecture", "province", "nation"):
        apps.get_model("accounts", "Division").objects.filter(level=level).delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(load, unload)]
