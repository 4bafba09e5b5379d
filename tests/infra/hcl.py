"""Reads the Terraform files' blocks: `terraform fmt` keeps them regular enough for lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

INFRA = Path(__file__).parents[2] / "infra"
MODULES = sorted((INFRA / "modules").iterdir())
ENVIRONMENTS = sorted((INFRA / "environments").iterdir())
ROOTS = [*MODULES, INFRA / "platform", *ENVIRONMENTS]


@dataclass(frozen=True)
class Block:
    """A top-level block: `variable "prefix"` has kind variable and labels ("prefix",)."""

    file: Path
    kind: str
    labels: tuple[str, ...]
    body: str

    @property
    def name(self) -> str:
        return self.labels[-1]

    def argument(self, name: str) -> str | None:
        """The source text of an argument, None where it is not given."""
        found = re.search(
            rf"^  {name} += (.*(?:\n(?:   .*|  [\])}}].*))*)$", self.body, re.MULTILINE
        )
        return found and found.group(1)

    def __str__(self) -> str:
        return f"{self.file.relative_to(INFRA)}: {self.kind} {self.name}"


def files() -> list[Path]:
    return sorted(INFRA.rglob("*.tf"))


def blocks(root: Path, kind: str) -> list[Block]:
    """The blocks of one kind in the files of one folder, or below it."""
    return [
        Block(file, kind, tuple(re.findall(r'"([^"]+)"', head)), body)
        for file in sorted(root.rglob("*.tf"))
        for head, body in re.findall(
            rf'^{kind}((?: "[^"]+")*) \{{\n(.*?)^\}}', file.read_text(), re.MULTILINE | re.DOTALL
        )
    ]
