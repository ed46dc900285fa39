import pytest

from enterprises.register.initials import initials, initials_of
from enterprises.register.models import search_text, search_texts


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("重庆长安汽车", "cqcaqc"),
        ("长春一汽", "ccyq"),
        ("厦门航空", "xmhk"),
        ("六安市（虚构）A12", "lasxgA12"),
        ("", ""),
    ],
)
def test_a_name_gives_the_letters_that_officials_type(name, letters):
    assert initials(name).replace("（", "").replace("）", "") == letters


def test_many_names_at_once_give_what_each_gives_alone():
    """Also where a phrase would begin in one name and end in the next."""
    names = ["长春重", "庆安", "六", "安重庆市", "", "厦门\n航空（虚构）", "ＡＢ重庆", "长", "长"]
    assert initials_of(names) == [initials(name) for name in names]
    assert initials_of(names)[:4] == ["ccz", "qa", "l", "acqs"]
    told = [(name, ("旧" * number,), f"CODE{number}") for number, name in enumerate(names)]
    assert search_texts(told) == [search_text(name=n, former_names=f, code=c) for n, f, c in told]
    assert search_texts(told)[1:3] == ["庆安 旧 code1 qa", "六 旧旧 code2 l"]
