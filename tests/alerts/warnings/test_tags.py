"""What other rooms' pages show of warnings."""

from datetime import timedelta

from django.template import Context, Template
from django.test import RequestFactory

from alerts.models import Warning
from whitelist.accounts.models import User


def drawn(source, user=None, **values):
    request = RequestFactory().get("/")
    request.user = user and User.objects.for_request().get(pk=user.pk)
    return Template("{% load warnings %}" + source).render(Context({"request": request, **values}))


def test_all_stock_lines_of_a_page_are_judged_in_one_query(judged, make, day, part, django_assert_num_queries):
    firm, other = judged["short"], make.material()
    make.report(firm, day, stock=[(part, 290, 100), (other, 2000, 100)])
    with django_assert_num_queries(1):
        html = drawn(
            "{% for m in materials %}{% stock_level firm day m %}{% endfor %}",
            firm=firm,
            day=day,
            materials=[part, other.code, "never-told"],
        )
    assert "2.9 d" in html
    assert "20 d" in html
    assert "level-red" in html


def test_a_line_without_a_reading_shows_no_level_of_its_own(judged, day, part):
    assert "level-grey" in drawn("{% stock_level firm day part %}", firm=judged["blind"], day=day, part=part)


def test_an_enterprise_s_page_shows_its_open_warnings_to_those_who_may_see_them(judged, shanghai, jilin):
    source = "{% enterprise_warnings firm %}"
    assert "lasts 2.9 days" in drawn(source, shanghai, firm=judged["short"]).replace("\N{NO-BREAK SPACE}", " ")
    assert "No open warning" in drawn(source, jilin, firm=judged["short"])


def test_a_cleared_episode_is_not_open(judged, shanghai, day):
    Warning.objects.update(cleared_on=day + timedelta(days=1))
    assert "No open warning" in drawn("{% enterprise_warnings firm %}", shanghai, firm=judged["short"])


def test_places_are_named_from_the_province_down(make):
    place = "{{ firm.division_id|place }}"
    assert drawn(place, firm=make.enterprise("310115")) == "Shanghai · Pudong"
    assert drawn(place, firm=make.enterprise("320509")).startswith("Jiangsu · Suzhou · ")
    assert drawn(place, firm=make.enterprise("220100")) == "Jilin · Changchun"
