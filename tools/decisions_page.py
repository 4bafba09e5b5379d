"""Writes the list of decisions at the end of docs/decisions/README.md."""

from __future__ import annotations

from tools import paths

FOLDER = paths.ROOT / "docs" / "decisions"
PAGE = FOLDER / "README.md"
MARK = "<!-- The list below is made by `make docs`. -->\n"


def page() -> str:
    """The page as it must be: what a person wrote above the mark, and one line a decision."""
    written, _, _ = PAGE.read_text().partition(MARK)
    lines = [
        f"- [{path.read_text().splitlines()[0].removeprefix('# ')}]({path.name})\n"
        for path in sorted(FOLDER.glob("[0-9]*.md"))
    ]
    return f"{written}{MARK}\n{''.join(lines)}"


def main() -> None:
    PAGE.write_text(page())
    print(PAGE.relative_to(paths.ROOT))


if __name__ == "__main__":
    main()
