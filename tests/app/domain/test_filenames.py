"""File names: hostile ones are refused with a sentence, accepted ones survive their header."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.filenames import content_disposition, fault, normalise

HOSTILE = {
    "": "needs a name",
    "   ": "needs a name",
    " report.pdf": "space",
    "report.pdf ": "space",
    "report.pdf\u00a0": "space",
    ".": "folder",
    "..": "folder",
    "../etc/passwd": "must not contain any of",
    "..\\windows": "must not contain any of",
    "/etc/passwd": "must not contain any of",
    "C:report.pdf": "must not contain any of",
    'a"; filename="b.exe': "must not contain any of",
    "a<b>.html": "must not contain any of",
    "what?.txt": "must not contain any of",
    "all*.txt": "must not contain any of",
    "a|b": "must not contain any of",
    "annexe\u202ecod.exe": "direction",
    "a\u200fb": "direction",
    "a\u2066b": "direction",
    "a\u061cb": "direction",
    "a\rb": "control",
    "a\nSet-Cookie=x": "control",
    "a\r\n\r\n<script": "must not contain any of",
    "a\x00.txt": "control",
    "a\x1b[31m": "control",
    "a\x7fb": "control",
    "a\x85b": "control",
    "a\u2028b": "control",
    "a\u2029b": "control",
    "a\ud800b": "control",
    "a\ue000b": "control",
    "x" * 256: "255 bytes",
    "\u00e4" * 128: "255 bytes",
    "\U0001f600" * 64: "255 bytes",
}
FINE = [
    "Q3 board report.pdf",
    "r\u00e9sum\u00e9.pdf",
    "\u5831\u544a\u66f8.xlsx",
    "\u05d3\u05d5\u05d7.pdf",
    "it's 100% (final); v2 #3 & more.txt",
    ".bashrc",
    "a=b+c,d.txt",
    "\U0001f469\u200d\U0001f4bb.png",
    "x" * 255,
]
names = st.text(min_size=1, max_size=80).map(normalise).filter(lambda name: fault(name) is None)


def parsed(header):
    """(disposition, parameters) of a Content-Disposition value, strictly by RFC 6266 and 8187.

    `filename` is a quoted-string without escapes, `filename*` an ext-value in UTF-8.
    """
    assert header.isascii()
    assert not re.search(r"[\x00-\x1f\x7f]", header)
    found = re.fullmatch(
        r'(?P<type>[a-z]+); filename="(?P<plain>[^"\\]*)"; '
        r"filename\*=UTF-8''(?P<extended>(?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-F]{2})*)",
        header,
    )
    assert found, header
    extended = unquote_to_bytes(found["extended"]).decode("utf-8")
    return found["type"], found["plain"], extended


@pytest.mark.parametrize(("name", "words"), HOSTILE.items(), ids=[ascii(n)[:30] for n in HOSTILE])
def test_a_hostile_name_is_refused_in_words(name, words):
    sentence = fault(normalise(name))
    assert sentence is not None
    assert words in sentence
    assert sentence.endswith((".", "*"))


@pytest.mark.parametrize("name", FINE)
def test_an_honest_name_is_accepted(name):
    assert fault(normalise(name)) is None


@pytest.mark.parametrize(
    "mark", "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
def test_no_mark_that_turns_the_direction_of_a_name_is_accepted(mark):
    assert "direction" in fault(f"annexe{mark}cod.exe")


def test_one_name_has_one_spelling():
    assert normalise("re\u0301sume\u0301") == normalise("r\u00e9sum\u00e9")


@settings(max_examples=500)
@given(names)
def test_every_accepted_name_comes_out_of_its_header_as_it_went_in(name):
    disposition, plain, extended = parsed(content_disposition(name))
    assert disposition == "attachment"
    assert extended == name
    assert len(plain) == len(name)
    assert not set(plain) & set("%;")  # old clients decode the one and stop at the other


@settings(max_examples=500)
@given(names)
def test_an_accepted_name_holds_nothing_that_could_leave_its_folder_or_line(name):
    assert not set(name) & set('/\\:"<>|?*')
    assert all(unicodedata.category(c) not in {"Cc", "Cs", "Zl", "Zp"} for c in name)
    assert 0 < len(name.encode()) <= 255
    assert name not in {".", ".."}


@settings(max_examples=500)
@given(st.text(max_size=300))
def test_no_name_whatever_makes_the_rule_fail(name):
    assert fault(normalise(name)) is None or fault(normalise(name)).strip()


@given(names)
def test_the_plain_name_is_the_name_where_ascii_can_say_it(name):
    _, plain, _ = parsed(content_disposition(name))
    if name.isascii() and not set(name) & set("%;"):
        assert plain == name
