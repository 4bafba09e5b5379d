"""What the pages say is compared with what is there."""

import re
from pathlib import Path

import pytest

from app.contract.operations import OPERATIONS
from tools import api_page, decisions_page

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))

PROMISES = "What is promised, and the command that checks it"
PATH = re.compile(r"\b(?:app|stepfunctions|infra|local|tools|tests|docs)/[\w./-]*\w")
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
EXPLAINED = re.compile(r"^([a-z][a-z-]*):.*## \S", re.MULTILINE)


def section(text, title):
    return re.split(r"^## ", text.split(f"\n## {title}\n")[1], maxsplit=1, flags=re.MULTILINE)[0]


def test_the_path_of_a_request_is_drawn_once_and_every_file_on_it_exists():
    drawings = [page for page in PAGES if "POST /v1/files/{file_id}/downloads" in page.read_text()]
    assert drawings == [ROOT / "README.md"]
    named = PATH.findall(section(README, "The path of a request"))
    assert len(named) >= 8
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_states_in_the_drawing_are_states_of_the_workflow():
    definition = (ROOT / "stepfunctions" / "download_file.asl.json").read_text()
    for state in ("Decide access", "Sign link", "Record download"):
        assert state in section(README, "The path of a request")
        assert f'"{state}": {{' in definition


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_in_a_page_leads_somewhere(page):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_check_of_every_promise_exists():
    checks = re.findall(r"make test T=(\S+?)`", section(README, PROMISES))
    assert len(checks) >= 7
    assert [check for check in checks if not (ROOT / check).exists()] == []


def test_every_target_is_explained_in_make_help():
    assert set(EXPLAINED.findall(MAKEFILE)) == set(TARGET.findall(MAKEFILE))


def test_every_make_command_in_the_pages_is_a_target():
    named = {
        name for page in PAGES for name in re.findall(r"make (?:-s )?([a-z]+)", commands(page))
    }
    assert {"run", "test"} <= named <= set(TARGET.findall(MAKEFILE))


def commands(page):
    """The code of a page, in blocks and within lines; the words around it are no commands."""
    found = re.findall(r"```sh\n(.*?)```|`([^`\n]+)`", page.read_text(), re.DOTALL)
    return "\n".join(block or inline for block, inline in found)


def test_the_page_of_the_api_is_the_registrys():
    assert api_page.PAGE.read_text() == api_page.page(), "run `make docs`"


def test_every_operation_stands_in_the_page_of_the_api():
    page = api_page.PAGE.read_text()
    for one in OPERATIONS:
        assert f"`{one.method} {one.path}`" in page


def test_decisions_are_numbered_without_gaps():
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_decision_is_listed():
    assert decisions_page.PAGE.read_text() == decisions_page.page(), "run `make docs`"


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_its_context_its_decision_and_its_door(path):
    text = path.read_text()
    assert re.match(r"# \d+\. \S", text)
    assert int(re.match(r"# (\d+)", text)[1]) == int(path.name[:4])
    assert "**Context.**" in text
    assert "**Decision.**" in text
    assert re.search(r"^Door: (one|two)-way", text, re.MULTILINE)
