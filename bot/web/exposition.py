"""The meters and queues in Prometheus' words; nothing is kept here, and no registry is shared."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from itertools import accumulate

from prometheus_client import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bot.telemetry.meters import Durations, Meters

__all__ = ["CONTENT_TYPE", "Exposition"]

AUDIENCES = {False: "people", True: "bulk"}


class Exposition:
    """One process' numbers; `process_…` (memory, CPU, files) is prometheus-client's own, where the system tells it."""

    def __init__(self, meters: Meters) -> None:
        self._registry = CollectorRegistry()
        self._queues = _Queues()
        self._registry.register(_Meters(meters))
        self._registry.register(self._queues)
        ProcessCollector(registry=self._registry)

    def text(self, queues: Mapping[str, tuple[int, float]] | None) -> bytes:
        """The page. `queues` maps a queue to how many wait and for how many seconds; None: the database is away."""
        self._queues.seen = queues
        return generate_latest(self._registry)


class _Queues(Collector):
    def __init__(self) -> None:
        self.seen: Mapping[str, tuple[int, float]] | None = None

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("rounds_database_up", "1 when the database answers", value=int(self.seen is not None))
        depth = GaugeMetricFamily("rounds_waiting", "How many wait, in all processes together", labels=["queue"])
        age = GaugeMetricFamily("rounds_waiting_seconds", "How long the oldest has waited", labels=["queue"])
        for queue, (number, seconds) in (self.seen or {}).items():
            depth.add_metric([queue], number)
            age.add_metric([queue], seconds)
        yield depth
        yield age


class _Meters(Collector):
    def __init__(self, meters: Meters) -> None:
        self._meters = meters

    def collect(self) -> Iterator[Metric]:
        meters = self._meters
        yield InfoMetricFamily("rounds", "What runs", value={"version": version("rounds")})
        yield _counter("rounds_updates", "Updates", ["kind", "result"], meters.updates.items())
        yield _counter("rounds_refusals", "Refusals, by what was told", ["message"], _single(meters.refusals))
        yield _counter("rounds_sends", "Tries to send a message", ["result"], _single(meters.sends))
        yield _counter("rounds_jobs", "Tries to do a job", ["kind", "result"], meters.jobs.items())
        yield _histogram("rounds_update_seconds", "From an update's arrival to its COMMIT", [], [((), meters.commits)])
        audiences = [([AUDIENCES[bulk]], durations) for bulk, durations in meters.deliveries.items()]
        yield _histogram("rounds_delivery_seconds", "From posting a message to Telegram's OK", ["audience"], audiences)
        calls = [([method], durations) for method, durations in meters.calls.items() if any(durations.counts)]
        yield _histogram("rounds_call_seconds", "Calls of the Bot API", ["method"], calls)
        jobs = [([kind], durations) for kind, durations in meters.job_times.items()]
        yield _histogram("rounds_job_seconds", "From a job's start until it was done", ["kind"], jobs)
        yield _histogram("rounds_loop_lag_seconds", "How late the event loop is", [], [((), meters.loop_lag)])


def _single(counts: Mapping[str, int]) -> list[tuple[Sequence[str], int]]:
    return [((label,), number) for label, number in counts.items()]


def _counter(name: str, about: str, labels: list[str], counts: Iterable[tuple[Sequence[str], int]]) -> Metric:
    family = CounterMetricFamily(name, about, labels=labels)
    for values, number in sorted(counts):
        family.add_metric(values, number)
    return family


def _histogram(name: str, about: str, labels: list[str], measured: Iterable[tuple[Sequence[str], Durations]]) -> Metric:
    family = HistogramMetricFamily(name, about, labels=labels)
    for values, durations in measured:
        below = list(accumulate(durations.counts))  # a bucket holds all that is below it too
        bounds = [f"{bound:g}" for bound in durations.bounds] + ["+Inf"]
        family.add_metric(values, list(zip(bounds, below, strict=True)), durations.total)
    return family
