"""Writes zips whose bytes depend on their content alone, not on clocks, file modes or folder order."""

from __future__ import annotations

import hashlib
import os
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# The oldest time a zip can hold. File times differ from clone to clone.
EPOCH = (1980, 1, 1, 0, 0, 0)
UNIX = 3
PLAIN_FILE = 0o100644 << 16


def write_zip(members: Mapping[str, bytes], path: Path) -> str:
    """Write the members, sorted by name, and return the zip's SHA-256 in hexadecimal."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Renamed into place: a reader sees the old zip or the new one, never a part of it.
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(members):
            archive.writestr(_entry(name), members[name])
    digest = hashlib.sha256(partial.read_bytes()).hexdigest()
    partial.replace(path)
    return digest


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.create_system = UNIX
    # Lambda reads files as another user than the owner: 0644, or the import is refused.
    entry.external_attr = PLAIN_FILE
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
