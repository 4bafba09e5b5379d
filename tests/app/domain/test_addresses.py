"""E-mail addresses: one spelling each, and none that mail cannot be sent to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.addresses import is_address, normalise

GOOD = [
    "ada@example.com",
    "o'brien@example.com",
    "first.last+tag@sub.example.co.uk",
    "a@b.de",
    "x_y-z=1@example.com",
    "1@1.example",
    "a" * 64 + "@example.com",
]
BAD = [
    "",
    "@",
    "ada",
    "ada@",
    "@example.com",
    "ada@example",
    "ada@@example.com",
    "ada@example..com",
    ".ada@example.com",
    "ada.@example.com",
    "a..da@example.com",
    "ada@-example.com",
    "ada@example-.com",
    "ada@example.com.",
    "ada @example.com",
    "ada@exam ple.com",
    "ada@example.com,bob@example.com",
    "Ada <ada@example.com>",
    '"ada"@example.com',
    "ada@[127.0.0.1]",
    "ada@example.com\n",
    "ada@example.com\r\nbcc: eve@example.com",
    "ada\x00@example.com",
    "ada\t@example.com",
    "\u202eada@example.com",
    "ada@ex\u00e4mple.com",
    "\u00e4da@example.com",
    "ada\ud800@example.com",
    "a" * 65 + "@example.com",
    "a@" + "b" * 64 + ".com",
    "a@" + ".".join(["b" * 60] * 5),
]


@pytest.mark.parametrize("address", GOOD)
def test_an_address_is_accepted(address):
    assert is_address(normalise(address))


@pytest.mark.parametrize("address", BAD)
def test_what_is_no_address_is_refused(address):
    assert not is_address(normalise(address))


def test_case_and_spaces_around_do_not_count():
    assert normalise(" Bob@Example.COM ") == "bob@example.com"


@pytest.mark.parametrize(
    "lookalike", ["\u212aen@example.com", "u\u017fer@example.com", "\ufb01@example.com"]
)
def test_a_letter_that_only_folds_to_an_ascii_one_makes_another_address(lookalike):
    """The Kelvin sign, the long s and the ligature fold to k, s and fi: whoever holds such an
    address must not thereby hold the share of `ken@`, `user@` or `fi@`.
    """
    assert not normalise(lookalike).isascii()
    assert not is_address(normalise(lookalike))


@given(st.text(max_size=40) | st.emails())
def test_normalising_twice_is_normalising_once(text):
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(max_size=40))
def test_only_ascii_text_ever_becomes_an_address(text):
    if is_address(normalise(text)):
        assert text.isascii()


@given(st.sampled_from(GOOD), st.characters(max_codepoint=0x20) | st.just("\x7f"), st.data())
def test_a_control_character_anywhere_inside_makes_it_no_address(address, control, data):
    position = data.draw(st.integers(1, len(address) - 1))
    assert not is_address(normalise(address[:position] + control + address[position:]))
