"""The daily report on the page: prefilled, one tap, refused beside the fields, corrected with what it said kept."""

from decimal import Decimal

import pytest
from django.forms import CheckboxInput

from enterprises.models import DailyReport, ReportRevision, StockReading
from enterprises.resumption import services
from tests.enterprises.resumption.conftest import DAY
from whitelist.core.days import ONE

BEFORE = DAY - ONE
TODAY = "/today/"


@pytest.fixture
def firm(make, clock):
    firm = make.enterprise(
        name="华东汽车（虚构）", normal_output=980, output_unit="vehicles", electricity_baseline=300000
    )
    make.batch("published", enterprises=[firm], effective_on=DAY - 20 * ONE)
    return firm


@pytest.fixture
def sensor(make):
    return make.material("wheel-sensor", name="轮速传感器", name_en="Wheel-speed sensor")


@pytest.fixture
def told_before(make, firm, sensor):
    """Yesterday's report of the firm: 2,940 of 4,200 on duty, 630 sensors, 300 a day, 500 to come on 13 May."""
    arrivals = [{"on": "2022-05-13", "quantity": "500"}, {"on": "2022-05-20", "quantity": "700"}]
    line = services.StockLine(sensor, Decimal(630), Decimal(300), arrivals)
    values = {
        "state": "partial",
        "staff_due": 4200,
        "staff_on_duty": 2940,
        "output": Decimal(600),
        "inbound_open": True,
    }
    return make.report(firm, BEFORE, stock=[line], **values, outbound_open=False, epidemic_cases=0, electricity=184300)


@pytest.fixture
def clerk(make, firm):
    return make.clerk(of=firm)


def typed(response, **changes):
    """Everything the form of a page would send, with some fields typed over."""
    data = {}
    for bound in response.context["form"]:
        value, widget = bound.value(), bound.field.widget
        if isinstance(widget, CheckboxInput):
            data[bound.html_name] = "on" if value else None
        else:
            shown = widget.format_value(value)
            data[bound.html_name] = shown[0] if isinstance(shown, list) else shown
    return {name: value for name, value in (data | changes).items() if value is not None}


def send(client, address=TODAY, **changes):
    return client.post(address, typed(client.get(address), **changes), follow=True)


def the_report():
    return DailyReport.objects.get(day=DAY)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_says_which_day_when_it_is_due_and_what_was_told_last(page, clerk, told_before, language):
    client = page(clerk)
    client.cookies["language"] = language
    text = client.get(TODAY).content.decode().replace("\xa0", " ")
    if language == "en":
        assert "For 9 May 2022" in text
        assert "due today 12:00, in 2 h 14 min" in text
        assert "was 2,940" in text and 'value="2940"' in text
        assert "normal 980" in text and "Output, vehicles" in text
        assert "Wheel-speed sensor" in text and "500 on 13 May" in text and "700 on 20 May" in text


def test_everything_is_prefilled_from_the_last_report(page, clerk, told_before, sensor):
    form = page(clerk).get(TODAY).context["form"]
    assert form["state"].value() == "partial"
    assert form["outbound_open"].value() is False
    assert form[f"stock-{sensor.pk}-on_hand"].value() == 630
    assert str(form[f"stock-{sensor.pk}-arrives_on"].value()) == "2022-05-13"
    assert form["reason"].value() == ""


def test_key_materials_come_from_the_register_the_last_report_and_the_supply_links(
    page, make, clerk, firm, told_before
):
    key = make.key_material(firm).material
    bought = make.supply_link(buyer=firm).material
    make.supply_link(supplier=firm)
    shown = {row.material.code for row in page(clerk).get(TODAY).context["materials"]}
    assert shown == {"wheel-sensor", key.code, bought.code}


def test_one_tap_files_yesterday_s_values_again(page, clerk, told_before):
    answer = page(clerk).post(TODAY, {"same": "1"}, follow=True)
    report = the_report()
    assert answer.redirect_chain == [(f"/reports/{report.enterprise.code}/2022-05-09/", 302)]
    assert (report.state, report.staff_on_duty, report.output) == ("partial", 2940, 600)
    assert report.is_on_time and report.channel == "page" and report.filed_by == clerk
    line = report.stock.get()
    assert (line.on_hand, line.daily_use) == (630, 300)
    assert [each["on"] for each in line.arrivals] == ["2022-05-13", "2022-05-20"]


def test_nothing_else_changed_keeps_what_was_typed(page, clerk, told_before):
    send(page(clerk), same="1", staff_on_duty="3,010", **{"epidemic_cases": "２"})
    assert (the_report().staff_on_duty, the_report().epidemic_cases, the_report().output) == (3010, 2, 600)


def test_the_first_report_starts_empty_and_a_material_can_be_added(page, make, clerk, firm, sensor):
    client = page(clerk)
    assert "Nothing else changed" not in client.get(TODAY).content.decode()
    stock = {"stock-new-on_hand": "1,500", "stock-new-daily_use": "300"}
    answer = send(client, state="normal", new_material=str(sensor.pk), **stock)
    assert answer.status_code == 200
    assert StockReading.objects.get(enterprise=firm, material=sensor).on_hand == 1500


@pytest.mark.parametrize(("hour", "on_time", "word"), [(12, True, "on time"), (13, False, "late")])
def test_the_receipt_has_a_number_a_time_and_says_on_time_or_late(page, clerk, told_before, clock, hour, on_time, word):
    clock.set(10, hour)
    answer = page(clerk).post(TODAY, {"same": "1"}, follow=True)
    report = the_report()
    assert report.is_on_time is on_time
    text = answer.content.decode().replace("\xa0", " ")
    assert report.receipt in text and word in text and f"10 May 2022 {hour}:00" in text


def errors_of(answer):
    return {name: " ".join(texts) for name, texts in answer.context["form"].errors.items()}


@pytest.mark.parametrize(
    ("changes", "fields", "said"),
    [
        ({"staff_on_duty": "4300"}, {"staff_on_duty", "staff_due"}, "cannot exceed staff due"),
        ({"staff_in_loop": "3000"}, {"staff_in_loop", "staff_on_duty"}, "among those on duty"),
        ({"output": "2941"}, {"output"}, "more than three times"),
        ({"output": "-1"}, {"output"}, "greater than or equal to 0"),
        ({"staff_due": "many"}, {"staff_due"}, "whole number"),
        ({"electricity": "99999999999999999"}, {"electricity"}, "digits"),
        ({"state": "asleep"}, {"state"}, "not one of the available choices"),
        ({"state": None}, {"state"}, "how production stands"),
        ({"reason": "x" * 501}, {"reason"}, "at most 500"),
        ({"new_material": "999999"}, {"new_material"}, "not one of the available choices"),
        ({"stock-new-on_hand": "5"}, {"new_material"}, "which material"),
    ],
)
def test_what_contradicts_itself_is_said_beside_every_field_concerned(page, clerk, told_before, changes, fields, said):
    answer = send(page(clerk), **changes)
    assert answer.status_code == 400
    assert set(errors_of(answer)) == fields
    assert all(said in text for text in errors_of(answer).values())
    assert b"error-summary" in answer.content and b"One question" not in answer.content
    assert not DailyReport.objects.filter(day=DAY).exists()


@pytest.mark.parametrize(
    ("changes", "fields", "said"),
    [
        ({"on_hand": "-1"}, {"on_hand"}, "greater than or equal to 0"),
        ({"on_hand": None}, {"on_hand"}, "needs both"),
        ({"daily_use": None}, {"daily_use"}, "needs both"),
        ({"arrives_on": None}, {"arrives_on"}, "a quantity and a day"),
        ({"arriving": None}, {"arriving"}, "a quantity and a day"),
        ({"arrives_on": "2022-05-09"}, {"arrives_on"}, "stock on hand"),
        ({"arrives_on": "2032-05-13"}, {"arrives_on"}, "Is the year right?"),
        ({"arrives_on": "soon"}, {"arrives_on"}, "valid date"),
        ({"arriving": "0"}, {"arriving"}, "more than nothing"),
    ],
)
def test_what_is_wrong_with_a_stock_line_is_said_there(page, clerk, told_before, sensor, changes, fields, said):
    answer = send(page(clerk), **{f"stock-{sensor.pk}-{part}": value for part, value in changes.items()})
    assert answer.status_code == 400
    assert set(errors_of(answer)) == {f"stock-{sensor.pk}-{part}" for part in fields}
    assert all(said in text for text in errors_of(answer).values())


def test_nothing_typed_is_lost_when_it_is_refused(page, clerk, told_before):
    answer = send(page(clerk), staff_on_duty="4,300", reason="双班")
    text = answer.content.decode()
    assert 'value="4,300"' in text and "双班" in text


def test_an_emptied_stock_line_tells_of_nothing(page, clerk, told_before, sensor):
    empty = {f"stock-{sensor.pk}-{part}": None for part in ("on_hand", "daily_use", "arriving", "arrives_on")}
    send(page(clerk), **empty)
    assert not the_report().stock.exists()


def test_a_value_far_from_the_firm_s_week_is_asked_about_and_accepted_with_a_reason(page, clerk, told_before):
    client = page(clerk)
    answer = send(client, output="1300")
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "1300 is far from the last week&#x27;s 600" in text
    assert (
        "autofocus" in text.split('name="reason"')[1].split(">")[0]
        or "autofocus" in text.split('id="id_reason"')[0][-400:]
    )
    assert "error-summary" not in text
    assert not DailyReport.objects.filter(day=DAY).exists()
    assert client.post(TODAY, typed(answer, reason="Third shift"), follow=True).status_code == 200
    assert (the_report().output, the_report().reason) == (1300, "Third shift")


def test_what_is_as_yesterday_is_never_asked_about(page, make, clerk, firm, told_before):
    for n in range(2, 6):
        make.report(firm, DAY - n * ONE, output=Decimal(100))
    assert page(clerk).post(TODAY, {"same": "1"}, follow=True).status_code == 200


def test_a_correction_keeps_the_first_value_and_shows_what_it_replaces(page, clerk, firm, told_before, clock):
    client = page(clerk)
    client.post(TODAY, {"same": "1"})
    clock.set(10, 11)
    address = f"/reports/{firm.code}/2022-05-09/?correct=1"
    form = client.get(address).content.decode()
    assert "You correct the report" in form and "sent 2,940" in form and "needs a reason" not in form
    answer = send(client, address, staff_on_duty="3010", reason="Miscounted")
    report, kept = the_report(), ReportRevision.objects.get()
    assert (report.staff_on_duty, report.revision, report.is_on_time) == (3010, 2, True)
    assert (kept.values["staff_on_duty"], kept.replaced_by, kept.reason) == (2940, clerk, "Miscounted")
    shown = answer.content.decode()
    assert "Corrected" in shown and "2,940" in shown and "3,010" in shown and "Miscounted" in shown


def test_after_the_deadline_a_correction_needs_a_reason(page, clerk, firm, told_before, clock):
    client = page(clerk)
    client.post(TODAY, {"same": "1"})
    clock.set(10, 13)
    address = f"/reports/{firm.code}/2022-05-09/?correct=1"
    assert "the correction needs a reason" in client.get(address).content.decode()
    answer = send(client, address, staff_on_duty="3010")
    assert answer.status_code == 400 and "please say why" in answer.content.decode()
    send(client, address, staff_on_duty="3010", reason="Miscounted")
    assert the_report().revision == 2


def test_sending_the_same_again_changes_nothing(page, clerk, firm, told_before):
    client = page(clerk)
    client.post(TODAY, {"same": "1"})
    send(client, f"/reports/{firm.code}/2022-05-09/?correct=1")
    assert the_report().revision == 1 and not ReportRevision.objects.exists()


@pytest.mark.parametrize("day", ["2022-05-11", "9999-12-31", "2022-04-01", "0001-01-01"])
def test_days_to_come_and_days_long_past_are_refused_with_the_sentence(page, clerk, firm, told_before, day):
    client, address = page(clerk), f"/reports/{firm.code}/{day}/"
    said = "yet to come" if day > "2022-05-10" else "are closed"
    assert said in client.get(address).content.decode()
    answer = client.post(address, {"state": "normal"})
    assert answer.status_code == 400 and said in answer.content.decode()
    assert client.get(f"/today/?day={day}").status_code == 200
    assert client.get(f"/reports/{firm.code}/2022-02-30/").status_code == 404


def test_an_office_above_the_plant_files_for_a_firm_that_cannot(page, shanghai, firm, told_before):
    client, address = page(shanghai), f"/reports/{firm.code}/2022-05-09/"
    assert "You enter this for the enterprise" in client.get(address).content.decode()
    send(client, address)
    assert (the_report().channel, the_report().filed_by) == ("office", shanghai)


def test_scope_then_duty(page, make, jilin, firm, told_before):
    address = f"/reports/{firm.code}/2022-05-09/"
    assert page(jilin).get(address).status_code == page(jilin).post(address, {}).status_code == 404
    assert page(make.clerk()).get(address).status_code == 404
    reader = make.user("310000", duties=["view"])
    assert "No report for this day yet" in page(reader).get(address).content.decode()
    assert page(reader).post(address, {"state": "asleep"}).status_code == 403
    assert page(make.user("310000", duties=["edit"])).get(address).status_code == 403
    assert page(make.user("220000", duties=["edit"])).get(address).status_code == 404
    assert page(reader).get(TODAY).headers["Location"] == "/reports/"
    page(reader).logout()
    assert page().get(TODAY).status_code == 302


def test_the_page_asks_the_same_number_of_queries_with_one_material_and_with_twenty(
    page, make, clerk, firm, told_before, django_assert_max_num_queries
):
    client = page(clerk)
    client.get(TODAY)
    counts = []
    for more in (0, 20):
        for _ in range(more):
            make.key_material(firm)
        with django_assert_max_num_queries(40) as seen:
            client.get(TODAY)
        counts.append(len(seen))
    assert counts[0] == counts[1]
