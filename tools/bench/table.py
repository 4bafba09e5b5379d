"""Prints measurements as tables: figures of this machine, and the ratios that carry over."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.bench.samples import Sample

Row = tuple[str, int, "Sample"]


def speed(title: str, rows: Sequence[Row], yardstick: str) -> str:
    """One line a (what, clients, sample); the ratio is to `yardstick` at as many clients."""
    base = {clients: one.per_second for what, clients, one in rows if what == yardstick}
    lines = [f"\n{title}\n", _line("", "clients", "per s", "p50 ms", "p99 ms", f"/ {yardstick}")]
    for what, clients, one in rows:
        ratio = one.per_second / base[clients] if base.get(clients) else float("nan")
        figures = (f"{one.per_second:.1f}", f"{one.percentile(50):.1f}")
        figures += (f"{one.percentile(99):.1f}", f"{ratio:.2f}")
        lines.append(_line(what, str(clients), *figures))
        if one.failures:
            lines.append(f"  {len(one.failures)} FAILED, the first: {one.failures[0][:300]!r}")
    return "\n".join(lines)


def costs(title: str, rows: Sequence[tuple[str, str, str]]) -> str:
    width = max(len(name) for name, *_ in rows)
    lines = [f"  {name:<{width}}  {value:>12}  {note}" for name, value, note in rows]
    return "\n".join([f"\n{title}\n", *lines])


def _line(name: str, *figures: str) -> str:
    return f"  {name:<36}" + "".join(f"  {figure:>8}" for figure in figures)
