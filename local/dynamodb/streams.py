"""What a table's stream is told: one record per changed item and call, and only of calls that held.

moto records every inner step (a new item made by UpdateItem appears twice, with the same image),
and delivers to Lambda inside the write, all old records again (proof:
tests/local/contract/test_streams.py).
"""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.patching import patch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass
class _Change:
    record: Callable[..., None]
    shard: Any
    old: Any
    new: Any


_changes: list[_Change] = []
# One call at a time, by the service's lock; writes from elsewhere must not be caught.
_owner = threading.local()
_listeners: list[Callable[[Any, Any], None]] = []


def listen(listener: Callable[[Any, Any], None]) -> None:
    """Call `listener(table, record)` for each record, in order, inside the write: it must queue."""
    _listeners.append(listener)


@contextlib.contextmanager
def recording() -> Iterator[None]:
    """Collect the changes of one call; tell the streams at its end."""
    _owner.records = True
    try:
        yield
    finally:
        _owner.records = False
        changes = _merged(_changes)
        _changes.clear()
        for change in changes:
            _tell(change)


def mark() -> int:
    """Return a savepoint for `take_back`."""
    return len(_changes)


def take_back(savepoint: int) -> None:
    """Forget the changes made since: they were undone."""
    del _changes[savepoint:]


def _merged(changes: list[_Change]) -> list[_Change]:
    by_item: dict[tuple[int, Any, Any], _Change] = {}
    for change in changes:
        item = change.old if change.old is not None else change.new
        key = (id(change.shard), item.hash_key, item.range_key)
        if key in by_item:
            by_item[key].new = change.new
        else:
            by_item[key] = change
    return [change for change in by_item.values() if not _same(change.old, change.new)]


def _same(old: Any, new: Any) -> bool:
    """A write that changes nothing is not in the stream, on AWS either."""
    if old is None or new is None:
        return old is new
    return bool(old.to_json() == new.to_json())


def _tell(change: _Change) -> None:
    table = change.shard.table
    # moto's own delivery is switched off by leaving it nothing to deliver to.
    mappings, table.lambda_event_source_mappings = table.lambda_event_source_mappings, {}
    try:
        change.record(change.shard, change.old, change.new)
    finally:
        table.lambda_event_source_mappings = mappings
    for listener in _listeners:
        listener(table, change.shard.items[-1])


@patch("moto.dynamodb.models.table:StreamShard.add")
def _add(original: Callable[..., None], self: Any, old: Any, new: Any) -> None:
    change = _Change(original, self, old, new)
    if getattr(_owner, "records", False):
        _changes.append(change)
    else:
        _tell(change)
