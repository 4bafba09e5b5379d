"""What one measurement gave: latencies, and the figures people read."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Sample:
    """Latencies in seconds of the calls that succeeded, and how long all of it took."""

    seconds: float
    latencies: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, percent: float) -> float:
        """Nearest rank, in milliseconds."""
        ordered = sorted(self.latencies)
        if not ordered:
            return float("nan")
        rank = max(0, min(len(ordered) - 1, round(percent / 100 * len(ordered)) - 1))
        return ordered[rank] * 1000

    def __add__(self, other: Sample) -> Sample:
        return Sample(
            self.seconds + other.seconds,
            self.latencies + other.latencies,
            self.failures + other.failures,
        )
