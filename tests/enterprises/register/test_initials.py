import pytest

from enterprises.register.initials import initials


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
