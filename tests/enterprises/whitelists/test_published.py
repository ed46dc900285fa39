"""What is published: a notice, a file that proves itself, and counts for everybody without a name."""

import io
import json

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises.models import Batch
from enterprises.whitelists.published.figures import count, public_figures
from enterprises.whitelists.published.verification import keys_in, sealed, verify
from tests.enterprises.whitelists.asking import ROOT
from tests.enterprises.whitelists.showing import text
from whitelist.core import seal
from whitelist.core.days import ONE, today


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


@pytest.fixture
def batch(make):
    return make.batch("published", enterprises=[make.enterprise(name="Alpha"), make.enterprise(name="Beta")])


@pytest.fixture
def keys():
    return {seal.key_id(): seal.public_key()}


@pytest.fixture
def key_set(client, tmp_path):
    path = tmp_path / "keys.json"
    path.write_bytes(client.get("/.well-known/whitelist/keys.json").content)
    return str(path)


def command(*args, **options):
    out = io.StringIO()
    call_command("verify_file", *args, stdout=out, **options)
    return out.getvalue()


def test_a_published_file_proves_itself(page, shanghai, batch, keys):
    answer = page(shanghai).get(f"/batches/{batch.pk}/signed/")
    verdict = verify(answer.content, keys)
    assert verdict.is_genuine and verdict.body["number"] == 1
    assert "attachment" in answer["Content-Disposition"]


def test_no_byte_of_a_signed_file_can_be_changed(batch, keys):
    data = sealed(batch)
    for place in range(len(data)):
        for other in (data[place] ^ 1, 0x20, 0x41):
            if other != data[place]:
                changed = data[:place] + bytes([other]) + data[place + 1 :]
                assert not verify(changed, keys).is_genuine, f"byte {place}: {data[place - 20 : place + 20]}"
    for changed in (data + b"\n", b" " + data, data[:-1], data.replace(b'"format"', b'"format":"x","format"')):
        assert not verify(changed, keys).is_genuine


def test_a_bare_file_is_verified_with_its_signature(batch, keys):
    data = batch.file.encode()
    assert verify(data, keys, batch.file_signature).is_genuine
    assert [code for code, _told in verify(data, keys).faults] == ["no_signature"]
    assert not verify(data + b" ", keys, batch.file_signature).is_genuine


def test_only_a_known_key_counts(batch, keys):
    assert [code for code, _told in verify(sealed(batch), {}).faults] == ["unknown_key"]
    other = {next(iter(keys)): "A" * 43 + "="}
    assert not verify(sealed(batch), other).is_genuine


@pytest.mark.django_db
def test_keys_are_read_from_a_key_set_or_one_key(keys, client):
    assert keys_in(client.get("/.well-known/whitelist/keys.json").content.decode()) == keys
    assert keys_in(seal.public_key()) == keys
    assert keys_in("no key") == keys_in("{}") == keys_in('{"keys": [7, {"x": 3}]}') == {}


def test_the_command_says_genuine_without_a_database(batch, tmp_path, key_set, django_db_blocker):
    path = tmp_path / "batch.signed.json"
    path.write_bytes(sealed(batch))
    with django_db_blocker.block():
        told = command(str(path), key=key_set)
    assert told.startswith("Genuine:") and "number: 1" in told and f"key: {seal.key_id()}" in told
    assert command(str(path), key=seal.public_key()).startswith("Genuine:")
    assert command(str(path)).startswith("Genuine:")


def test_the_command_says_what_is_wrong(batch, tmp_path, key_set):
    path = tmp_path / "batch.json"
    path.write_text(batch.file.replace("Alpha", "Gamma"), encoding="utf-8")
    with pytest.raises(CommandError, match=r"NOT GENUINE[\s\S]*signature_differs"):
        command(str(path), key=key_set, signature=batch.file_signature)
    with pytest.raises(CommandError, match="cannot be read"):
        command(str(tmp_path / "nothing.json"))
    with pytest.raises(CommandError, match="no public key"):
        command(str(path), key="nothing")


def test_the_notice_reads_like_an_official_paper(make, page, shanghai, batch):
    shown = text(page(shanghai).get(f"/batches/{batch.pk}/notice/"))
    assert "Test 1" in shown and "Alpha" in shown and "Beta" in shown and batch.file_hash in shown
    assert "adds 2, amends 0 and removes 0" in shown and "verify_file" in shown
    draft = make.batch("draft")
    assert page(shanghai).get(f"/batches/{draft.pk}/notice/").status_code == 404
    assert page(shanghai).get(f"/batches/{draft.pk}/signed/").status_code == 404


def test_outside_the_division_there_is_no_notice(page, jilin, batch):
    assert page(jilin).get(f"/batches/{batch.pk}/notice/").status_code == 404
    assert page(jilin).get(f"/batches/{batch.pk}/signed/").status_code == 404


def test_a_long_notice_costs_as_many_queries_as_a_short_one(make, page, shanghai):
    client, counts = page(shanghai), []
    for size in (2, 40):
        made = make.batch("published", enterprises=[make.enterprise() for _ in range(size)])
        client.get(f"/batches/{made.pk}/notice/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/batches/{made.pk}/notice/")
        counts.append(sum("SAVEPOINT" not in query["sql"] for query in queries))
    assert counts[0] == counts[1] <= 8


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_everybody_reads_counts_and_no_names(make, client, language):
    firm = make.enterprise(name="Secret Works", chain="food")
    made = make.batch("published", enterprises=[firm])
    client.cookies["language"] = language
    answer = client.get("/public/")
    assert answer.status_code == 200
    shown = text(answer)
    assert made.white_list.title in shown and "Test 1" in shown
    assert "Secret Works" not in shown and firm.code not in shown


def test_each_enterprise_is_counted_once_in_public(make):
    firm = make.enterprise("310115")
    for division in ("310000", "000000"):
        make.batch("published", on=make.white_list(division), enterprises=[firm])
    found = public_figures(today())
    assert found["enterprises"] == 1 and sum(row["enterprises"] for row in found["lists"]) == 2
    assert [(row["key"], row["enterprises"]) for row in found["provinces"]] == [("31", 1)]
    assert sum(row["enterprises"] for row in found["chains"]) == 1


def test_the_public_counts_end_with_their_list(make):
    make.listing(on=make.white_list(ends_on=today() + ONE), since=today())
    assert count(today())["enterprises"] == 1 and count(today() + ONE)["enterprises"] == 0


def test_the_public_counts_over_the_api(make, api):
    make.batch("published")
    answer = api().get(f"{ROOT}public/")
    assert answer.status_code == 200
    told = answer.json()
    assert told["as_of"] == str(today()) and told["enterprises"] == 1 and told["lists"][0]["batches"] == 1
    assert api().get(f"{ROOT}public/?names=true").status_code == 400


def test_public_counts_cost_a_constant_number_of_queries(make):
    counts = []
    for size in (2, 40):
        make.batch("published", enterprises=[make.enterprise() for _ in range(size)])
        with CaptureQueriesContext(connection) as queries:
            count(today())
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_signed_file_over_the_api(api, shanghai, jilin, batch, keys, make):
    answer = api(shanghai).get(f"{ROOT}batches/{batch.pk}/signed/")
    assert verify(answer.content, keys).is_genuine
    assert api(jilin).get(f"{ROOT}batches/{batch.pk}/signed/").status_code == 404
    draft = make.batch("draft")
    assert api(shanghai).get(f"{ROOT}batches/{draft.pk}/signed/").status_code == 404


def test_reading_a_file_changes_nothing(batch):
    stored = Batch.objects.get(pk=batch.pk)
    assert json.loads(sealed(stored))["file"] == stored.file
