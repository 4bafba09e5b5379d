"""A decision is a value with a reason, never a bare bool and never an exception."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

if TYPE_CHECKING:
    from app.domain.reasons import Reason

Granted = TypeVar("Granted")


@dataclass(frozen=True)
class Allowed(Generic[Granted]):
    """Yes, and exactly what was allowed."""

    granted: Granted

    def __bool__(self) -> Literal[True]:
        return True


@dataclass(frozen=True)
class Refused:
    """No, and why."""

    reason: Reason

    def __bool__(self) -> Literal[False]:
        return False
