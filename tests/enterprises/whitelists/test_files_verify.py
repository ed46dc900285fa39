"""A published file verifies; with any byte changed, left out or put in it does not."""

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enterprises.whitelists.published.verification import sealed, verify
from whitelist.core import seal

bounded = settings(
    max_examples=300,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def published(make):
    firms = [make.enterprise("310115"), make.enterprise(name="“甲”／A & B <乙>（虚构）")]
    return make.batch("published", enterprises=firms)


@pytest.fixture
def keys():
    return {seal.key_id(): seal.public_key()}


def is_genuine(data, keys, signature=None):
    return verify(data, keys, signature).is_genuine


def test_any_one_byte_changed_is_found(published, keys):
    """Every byte there is: of the signed file, of the bare file, of its signature."""
    signed, bare, signature = sealed(published), published.file.encode(), published.file_signature.encode()
    assert is_genuine(signed, keys) and is_genuine(bare, keys, signature.decode())
    for flip in (0x01, 0x20, 0x80):
        for place in range(len(signed)):
            assert not is_genuine(flipped(signed, place, flip), keys), (place, flip)
        for place in range(len(bare)):
            assert not is_genuine(flipped(bare, place, flip), keys, signature.decode()), (place, flip)
        for place in range(len(signature)):
            assert not is_genuine(bare, keys, flipped(signature, place, flip).decode(errors="replace")), (place, flip)


def flipped(data, place, bits):
    return data[:place] + bytes([data[place] ^ bits]) + data[place + 1 :]


def test_any_piece_replaced_left_out_or_put_in_is_found(published, keys):
    signed, bare = sealed(published), published.file.encode()

    @bounded
    @given(data=st.data(), piece=st.binary(max_size=4), is_bare=st.booleans())
    def holds(data, piece, is_bare):
        whole = bare if is_bare else signed
        start = data.draw(st.integers(0, len(whole)))
        stop = data.draw(st.integers(start, min(start + 8, len(whole))))
        changed = whole[:start] + piece + whole[stop:]
        told = is_genuine(changed, keys, published.file_signature if is_bare else None)
        assert told == (changed == whole)

    holds()


def test_a_value_changed_and_written_as_neatly_as_before_is_found(published, keys):
    """Not only damage: somebody who knows the format and writes it in its own way, with a hash that fits."""
    signed = sealed(published)
    forged = published.file.replace('"action":"add"', '"action":"remove"')
    assert forged != published.file
    published.file, published.file_hash = forged, seal.sha256(forged.encode())
    assert sealed(published) != signed
    assert [code for code, _said in verify(sealed(published), keys).faults] == ["signature_differs"]


def test_the_command_says_so_and_fails(published, tmp_path, capsys):
    path = tmp_path / "batch.json"
    path.write_bytes(sealed(published))
    call_command("verify_file", path)
    assert f"Genuine: {path}" in capsys.readouterr().out
    for place in range(0, len(sealed(published)), 97):
        path.write_bytes(flipped(sealed(published), place, 0x01))
        with pytest.raises(CommandError, match="NOT GENUINE"):
            call_command("verify_file", path)
