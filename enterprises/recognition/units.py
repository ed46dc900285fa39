"""The 37 reporting units: how each is called in one word, and which offices belong to which."""

from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Concat, Left

from whitelist.accounts.models import Division, prefix_of

NAMES = """
    110000 京 BJ | 120000 津 TJ | 130000 冀 HE | 140000 晋 SX | 150000 蒙 NM | 210000 辽 LN | 210200 大连 DLC
    220000 吉 JL | 230000 黑 HL | 310000 沪 SH | 320000 苏 JS | 330000 浙 ZJ | 330200 宁波 NGB | 340000 皖 AH
    350000 闽 FJ | 350200 厦门 XMN | 360000 赣 JX | 370000 鲁 SD | 370200 青岛 TAO | 410000 豫 HA | 420000 鄂 HB
    430000 湘 HN | 440000 粤 GD | 440300 深圳 SZX | 450000 桂 GX | 460000 琼 HI | 500000 渝 CQ | 510000 川 SC
    520000 贵 GZ | 530000 云 YN | 540000 藏 XZ | 610000 陕 SN | 620000 甘 GS | 630000 青 QH | 640000 宁 NX
    650000 新 XJ | 660000 兵 XPCC
"""
ROWS = [row.split() for row in NAMES.replace("\n", "|").split("|") if row.strip()]
SHORT = {code: (name, letters) for code, name, letters in ROWS}
CITIES = tuple(code for code in SHORT if not code.endswith("0000"))


def unit_of(path):
    """As SQL: the unit of the division whose code stands at `path`; a city that reports for itself is its own."""
    inside = [When(**{f"{path}__startswith": prefix_of(city)}, then=Value(city)) for city in CITIES]
    return Case(*inside, default=Concat(Left(F(path), 2), Value("0000")), output_field=CharField())


def in_unit(path, code):
    """Rows whose division lies in a unit: in a province without its cities that report for themselves."""
    prefix = prefix_of(code)
    apart = [city for city in CITIES if city != code and city.startswith(prefix)]
    found = Q(**{f"{path}__startswith": prefix}) if prefix else Q()
    for city in apart if code in SHORT else ():
        found &= ~Q(**{f"{path}__startswith": prefix_of(city)})
    return found


def units():
    """The reporting units in the order of their codes, so that a city stands beside its province."""
    return list(Division.objects.reporting_units())
