"""The unit grid: 32 reporting provinces in rough place, without borders; cities count in theirs.

One character, the letters of GB/T 2260, column and row, by the first two digits of the division code.
"""

from dataclasses import dataclass

GRID = """
    23 黑 HL 8 0 | 15 蒙 NM 6 1 | 22 吉 JL 8 1 | 65 新 XJ 0 2 | 62 甘 GS 3 2 | 64 宁 NX 4 2
    11 京 BJ 6 2 | 12 津 TJ 7 2 | 21 辽 LN 8 2 | 66 兵 XPCC 0 3 | 63 青 QH 2 3 | 61 陕 SN 4 3
    14 晋 SX 5 3 | 13 冀 HE 6 3 | 37 鲁 SD 7 3 | 54 藏 XZ 1 4 | 51 川 SC 3 4 | 50 渝 CQ 4 4
    41 豫 HA 5 4 | 34 皖 AH 6 4 | 32 苏 JS 7 4 | 31 沪 SH 8 4 | 53 云 YN 3 5 | 52 贵 GZ 4 5
    42 鄂 HB 5 5 | 36 赣 JX 6 5 | 33 浙 ZJ 7 5 | 45 桂 GX 4 6 | 43 湘 HN 5 6 | 44 粤 GD 6 6
    35 闽 FJ 7 6 | 46 琼 HI 5 7
"""


@dataclass(frozen=True)
class Place:
    code: str
    short: str
    letter: str
    col: int
    row: int


def _read():
    for cell in GRID.replace("\n", "|").split("|"):
        if cell.strip():
            digits, short, letter, col, row = cell.split()
            yield Place(f"{digits}0000", short, letter, int(col), int(row))


PLACES = tuple(_read())
