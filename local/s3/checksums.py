"""The checksums S3 verifies and keeps with an object: CRC-32, CRC-32C, CRC-64/NVME, SHA-1, SHA-256.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

from __future__ import annotations

import base64
import functools
import hashlib
import zlib
from typing import TYPE_CHECKING

import crc32c

if TYPE_CHECKING:
    from collections.abc import Callable

_CRC64_NVME_REFLECTED = 0x9A6C9329AC4BC9B5
_ALL_ONES_64 = (1 << 64) - 1


def crc64nvme(data: memoryview | bytes) -> int:
    """Compute CRC-64/NVME in Python: right, and slow (some megabytes a second)."""
    table, crc = _crc64_table(), _ALL_ONES_64
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ _ALL_ONES_64


@functools.cache
def _crc64_table() -> list[int]:
    table = []
    for value in range(256):
        crc = value
        for _ in range(8):
            crc = (crc >> 1) ^ (_CRC64_NVME_REFLECTED if crc & 1 else 0)
        table.append(crc)
    return table


ALGORITHMS: dict[str, Callable[[memoryview | bytes], bytes]] = {
    "crc32": lambda data: zlib.crc32(data).to_bytes(4, "big"),
    "crc32c": lambda data: crc32c.crc32c(bytes(data)).to_bytes(4, "big"),
    "crc64nvme": lambda data: crc64nvme(data).to_bytes(8, "big"),
    "sha1": lambda data: hashlib.sha1(data, usedforsecurity=False).digest(),
    "sha256": lambda data: hashlib.sha256(data).digest(),
}


def checksum(algorithm: str, data: memoryview | bytes) -> str:
    """Return the Base64 that x-amz-checksum-<algorithm> holds for these bytes."""
    return base64.b64encode(ALGORITHMS[algorithm](data)).decode()


def md5_base64(data: memoryview | bytes) -> str:
    return base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()
