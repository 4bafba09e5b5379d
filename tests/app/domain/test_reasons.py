"""Reasons: a closed set, each with an answer, and one answer for every stranger."""

from __future__ import annotations

import re

import pytest

from app.contract.problems import PROBLEMS
from app.domain.reasons import NOT_FOUND, Reason, told

STRANGERS = {Reason.NO_SUCH_FILE, Reason.NOT_OWNER, Reason.NOT_SHARED_WITH_YOU}


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_problem_that_is_no_fault_of_ours(reason):
    status = PROBLEMS[told(reason)].status
    assert 400 <= status < 500 or reason is Reason.CONTENDED


@pytest.mark.parametrize("reason", Reason)
def test_only_a_stranger_is_told_another_reason_than_the_recorded(reason):
    assert told(reason) == (NOT_FOUND if reason in STRANGERS else reason.value)


def test_what_would_reveal_a_file_is_no_problem_of_its_own():
    assert not STRANGERS & set(PROBLEMS)


def test_codes_are_stable_words():
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", reason) for reason in Reason)
    assert len({reason.value for reason in Reason}) == len(Reason)


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_problem_has_a_title_and_a_whole_sentence(code):
    problem = PROBLEMS[code]
    assert problem.title
    assert not problem.title.endswith(".")
    assert problem.detail.endswith(".")
