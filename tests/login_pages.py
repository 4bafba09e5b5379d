"""Reads managed login's pages as a browser without script does."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import requests


class Refused(Exception):  # noqa: N818 - what the page said
    """A page showed a problem; `status` is its HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def problem_of(page: str) -> str | None:
    found = re.search(r'id="problem">([^<]*)<', page)
    return html.unescape(found.group(1)) if found else None


def form_action(page: str) -> str:
    found = re.search(r'<form method="post" action="([^"]*)"', page)
    assert found is not None, page
    return html.unescape(found.group(1))


def filled_fields(page: str) -> dict[str, str]:
    """The form's fields that have a value already, hidden ones included."""
    found = re.findall(r'<input[^>]* name="([^"]*)"[^>]*? value="([^"]+)"', page)
    return {name: html.unescape(value) for name, value in found}


def checked(answer: requests.Response) -> requests.Response:
    if answer.status_code >= 400:
        raise Refused(answer.status_code, problem_of(answer.text) or answer.text[:200])
    return answer
