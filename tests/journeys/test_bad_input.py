"""Bad input over the whole road: a problem that names the field, nothing stored, nothing 5xx."""

import uuid

import pytest
import requests

from tests.journeys.conftest import in_days, uploaded

SHA256 = "0" * 64
GOOD_FILE = {"name": "a.txt", "size": 1, "sha256": SHA256}
BAD_FILES = [
    ("name", None),
    ("name", ""),
    ("name", 7),
    ("name", "../../etc/passwd"),
    ("name", "a\r\nSet-Cookie: x=1"),
    ("name", 'a"b.txt'),
    ("name", "invoice\u202efdp.exe"),
    ("name", "\u200fa.txt"),
    ("name", "a\x00.txt"),
    ("name", "x" * 256),
    ("name", "é" * 128),
    ("size", -1),
    ("size", 1.5),
    ("size", "1"),
    ("size", True),
    ("size", 10**15),
    ("sha256", "0" * 63),
    ("sha256", "Z" * 64),
    ("media_type", "text"),
    ("media_type", "text/html\r\nx: y"),
    ("unknown", 1),
]
BAD_SHARES = [
    ("recipients", None),
    ("recipients", []),
    ("recipients", "bob@example.com"),
    ("recipients", ["bob@example.com", "BOB@example.com"]),
    ("recipients", ["not an address"]),
    ("recipients", ["bob@example.com\r\nBcc: all@example.com"]),
    ("recipients", ["bob\x00@example.com"]),
    ("recipients", [f"p{number}@example.com" for number in range(51)]),
    ("recipients", [7]),
    ("expires_at", "2001-01-01T00:00:00Z"),
    ("expires_at", "2030-01-01T00:00:00"),
    ("expires_at", "2030-01-01"),
    ("expires_at", "tomorrow"),
    ("expires_at", 1900000000),
    ("expires_at", "9999-12-31T23:59:59Z"),
    ("download_limit", 0),
    ("download_limit", -1),
    ("download_limit", 1.5),
    ("download_limit", "3"),
    ("download_limit", True),
    ("download_limit", 10**9),
    ("message", "x" * 1001),
    ("message", "a\x07b"),
    ("unknown", 1),
]


def names(answer):
    assert answer.status_code == 422, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    return {error["field"].partition(".")[0] for error in answer.json()["errors"]}


@pytest.fixture(scope="module")
def careless(newcomer):
    return newcomer("careless")


@pytest.fixture(scope="module")
def file_id(careless):
    return uploaded(careless)


@pytest.mark.parametrize(("field", "value"), BAD_FILES)
def test_a_bad_announcement_names_its_field_and_stores_nothing(careless, file_id, field, value):
    answer = careless.api("POST", "/files", json={**GOOD_FILE, field: value})
    assert names(answer) == {field}
    stored = careless.api("GET", "/files").json()["items"]
    assert [file["id"] for file in stored] == [file_id]


@pytest.mark.parametrize("field", ["name", "size", "sha256"])
def test_a_missing_field_is_named(careless, field):
    body = {name: value for name, value in GOOD_FILE.items() if name != field}
    assert names(careless.api("POST", "/files", json=body)) == {field}


@pytest.mark.parametrize(("field", "value"), BAD_SHARES)
def test_a_bad_share_names_its_field_and_stores_nothing(careless, file_id, field, value):
    body = {"recipients": ["x@example.com"], "expires_at": in_days(1), field: value}
    assert names(careless.api("POST", f"/files/{file_id}/shares", json=body)) == {field}
    assert careless.api("GET", f"/files/{file_id}/shares").json()["items"] == []


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"null", "application/json", 400),
        (b'"text"', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"[" * 50_000, "application/json", 400),
        (b'{"name": "' + b"x" * 70_000 + b'"}', "application/json", 413),
        (b"name=a", "application/x-www-form-urlencoded", 415),
    ],
)
def test_a_body_that_is_no_json_object_is_a_problem_of_its_own(
    stack, careless, body, content_type, status
):
    answer = requests.post(
        f"{stack.api}/files",
        data=body,
        headers={
            "Authorization": f"Bearer {careless.tokens.access}",
            "Content-Type": content_type,
        },
        timeout=10,
    )
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "params",
    [
        {"limit": 0},
        {"limit": 101},
        {"limit": "ten"},
        {"limit": "1e1"},
        {"cursor": "!"},
        {"cursor": "eyJwayI6IkZJTEUjMSJ9"},
        {"cursor": "x" * 2000},
        {"page": 2},
    ],
)
@pytest.mark.parametrize("path", ["/files", "/shares"])
def test_a_bad_page_is_a_problem(careless, path, params):
    answer = careless.api("GET", path, params=params)
    assert answer.status_code in {400, 422}, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "file_id",
    [
        "1",
        "..%2f..%2fetc%2fpasswd",
        "%27%20OR%201=1",
        "%00",
        "%ff",
        "%E2%80%AE",
        'a"b',
        "f1%22%2C%22actor%22%3A%7B%22sub%22%3A%22victim",
        str(uuid.UUID(int=0)),
        "x" * 500,
    ],
)
def test_an_id_that_is_none_of_ours_is_not_found(careless, file_id):
    """Known failure of others: the published sample lets an id write into its workflow's input."""
    for path in ("", "/shares", "/downloads"):
        method = "POST" if path == "/downloads" else "GET"
        answer = careless.api(method, f"/files/{file_id}{path}")
        assert answer.status_code == 404, answer.text
        assert answer.json()["code"] == "not_found"
