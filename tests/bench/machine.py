"""Says on which machine a bench ran, and how busy it was beside it."""

import os
import platform
import sqlite3
from pathlib import Path


def machine() -> str:
    """Processor, cores, versions, and the load average of the last one, five and fifteen minutes."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    cpu = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.processor())
    load = " ".join(f"{part:.2f}" for part in os.getloadavg())
    return (
        f"{cpu or platform.machine()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}; "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}; load average {load}"
    )


def cpu_seconds(pid: int) -> float:
    """User and system time that a process has used, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
