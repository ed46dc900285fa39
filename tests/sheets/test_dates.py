"""Days as people write them and as spreadsheets count them; what can be two days is no day."""

import pytest

from whitelist.sheets.files.cells import BadCell, Date

DAY = "2022-04-09"


@pytest.mark.parametrize(
    "cell",
    [
        *("2022-04-09", "2022/4/9", "2022.4.9", "2022年4月9日", "2022 年 4 月 9 日", "2022年04月09号", "20220409"),
        *(
            "２０２２－０４－０９",
            " 2022-4-9 ",
            "2022-04-09 00:00:00",
            "2022-04-09T00:00",
            "44660",
            44660,
            44660.0,
            20220409.0,
        ),
    ],
)
def test_the_ninth_of_april(cell):
    assert Date().read(cell) == DAY


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        *[(cell, "ambiguous_date") for cell in ("4/9/2022", "09-04-2022", "22-4-9", "4月9日", "9.4.22", "2022年4月")],
        *[(cell, "impossible_date") for cell in ("2022-02-30", "2022年13月1日", "20220431", 20220431, "1022-04-09")],
        *[(cell, "has_time") for cell in ("2022-04-09 09:30", "2022/4/9 9:30:15", "2022-04-09T24:00", 44660.5)],
        *[(cell, "not_a_date") for cell in ("soon", "昨天", "420", 420, -1, float("nan"), 1e300, "April 9", "100000")],
    ],
)
def test_what_is_no_day(cell, code):
    with pytest.raises(BadCell) as bad:
        Date().read(cell)
    assert bad.value.code == code and str(bad.value.detail)
