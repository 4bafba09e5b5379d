"""Writes docs/api.md from the operation registry; a test compares the page with the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.contract.openapi import CALLERS, query_parameters
from app.contract.operations import OPERATIONS
from app.contract.problems import PROBLEMS
from tools import paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

    from app.contract.operations import Operation

PAGE = paths.ROOT / "docs" / "api.md"
OPENING = """# The API

Made by `make docs` from `app/contract/operations.py`; do not edit. The same registry gives
`GET /v1/openapi.json` (OpenAPI 3.1, for programs), which has the types of every field.

Every path below stands under the stage: `https://…/v1`. Bodies are JSON. A refusal is an
`application/problem+json` document (RFC 9457): programs branch on its `code`, people read its
`detail`, and `errors` names the fields at fault.

Whoever needs to be signed in sends `Authorization: Bearer <access token>`.
"""


def page() -> str:
    tags = dict.fromkeys(operation.tag for operation in OPERATIONS)
    parts = [OPENING, "\n".join(_overview())]
    parts += ["\n".join(_section(tag)) for tag in tags]
    return "\n".join([*parts, "\n".join(_problems())]) + "\n"


def _overview() -> Iterator[str]:
    yield "| Operation | | Who |\n|---|---|---|"
    for one in OPERATIONS:
        yield f"| [`{one.method} {one.path}`](#{one.id}) | {one.summary} | {one.caller} |"
    yield ""


def _section(tag: str) -> Iterator[str]:
    yield f"## {tag.capitalize()}\n"
    for operation in OPERATIONS:
        if operation.tag == tag:
            yield from _operation(operation)


def _operation(operation: Operation) -> Iterator[str]:
    yield f'### <a id="{operation.id}"></a>`{operation.method} {operation.path}`\n'
    yield f"{operation.summary}. {CALLERS[operation.caller]}\n"
    if operation.query:
        names = ", ".join(f"`{name}`" for name, *_ in query_parameters(operation.query))
        yield f"- Query: {names}"
    if operation.request:
        yield f"- Body: {_fields(operation.request)}"
    answer = _fields(operation.response) if operation.response else "a JSON document"
    yield f"- Answer: {operation.status}, {answer}"
    if operation.problems:
        yield f"- Refusals: {', '.join(f'`{code}`' for code in _codes(operation))}"
    yield ""


def _fields(model: type[BaseModel]) -> str:
    fields = model.model_fields
    return ", ".join(f"`{name}`{'' if fields[name].is_required() else '?'}" for name in fields)


def _codes(operation: Operation) -> list[str]:
    return sorted(map(str, operation.problems), key=lambda code: (PROBLEMS[code].status, code))


def _problems() -> Iterator[str]:
    yield "## Refusals\n\n| Code | Status | Meaning |\n|---|---|---|"
    for code, problem in sorted(PROBLEMS.items(), key=lambda item: (item[1].status, item[0])):
        yield f"| `{code}` | {problem.status} | {problem.detail} |"


def main() -> None:
    PAGE.write_text(page())
    print(PAGE.relative_to(paths.ROOT))


if __name__ == "__main__":
    main()
