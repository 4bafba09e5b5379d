"""Mail: subjects that SNS takes, bodies that give nothing away."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.domain.notices import share_notice
from app.domain.times import from_epoch
from tests.app.samples import BOB, FILE_ID, NOW, a_file, a_share

WEB_URL = "https://files.example.com"
any_text = st.text(max_size=300)


@settings(max_examples=300)
@given(any_text, any_text)
def test_a_subject_is_what_sns_takes_whoever_shares_and_whatever_they_write(owner, message):
    """Publish, `Subject`: ASCII, no line break or control character, fewer than 100 characters,
    and a first character that is no space.
    """
    subject = share_notice(a_file(owner_email=owner), a_share(message=message), WEB_URL).subject
    assert 0 < len(subject) < 100
    assert subject.isascii()
    assert subject.isprintable()
    assert not subject.startswith(" ")


def test_the_longest_address_there_is_leaves_a_subject_that_sns_takes():
    longest = "a" * 64 + "@" + ".".join(["b" * 60] * 3) + ".com"
    assert len(share_notice(a_file(owner_email=longest), a_share(), WEB_URL).subject) == 99


@given(st.text(min_size=8, max_size=40))
def test_no_mail_holds_the_name_of_the_file(name):
    share = a_share(file_name=name)
    notice = share_notice(a_file(name=name), share, WEB_URL)
    unnamed = share_notice(a_file(name=""), a_share(file_name=""), WEB_URL)
    assert notice == unnamed


@given(st.text(min_size=1, max_size=40).filter(str.strip))
def test_the_owners_message_is_in_the_body_and_never_in_the_subject(message):
    assume(message not in "ada@example.com has shared a file with you")
    notice = share_notice(a_file(), a_share(message=message), WEB_URL)
    assert message in notice.body
    assert message not in notice.subject


def test_a_notice_says_who_until_when_how_often_and_where():
    notice = share_notice(a_file(), a_share(limit=3), WEB_URL)
    assert notice.recipient == BOB.email
    assert notice.event == "share:created"
    assert notice.subject == "ada@example.com has shared a file with you"
    assert "3 times" in notice.body
    assert from_epoch(a_share().terms.expires_at) in notice.body
    assert f"{WEB_URL}/shares/{FILE_ID}" in notice.body
    assert "sign in as bob@example.com" in notice.body.lower()


def test_once_is_one_time_and_no_limit_is_any_number():
    assert "1 time until" in share_notice(a_file(), a_share(limit=1), WEB_URL).body
    assert "any number of times" in share_notice(a_file(), a_share(limit=None), WEB_URL).body


def test_a_link_in_mail_leads_to_the_page_and_never_to_bytes():
    body = share_notice(a_file(), a_share(expires_at=NOW + 60), WEB_URL).body
    assert "X-Amz" not in body
    assert body.count("http") == 1
