"""A machine on which an operator types commands, each a process of its own."""

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Host:
    """A machine with Rounds and a folder of its own."""

    folder: Path

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder / 'rounds.db'}"

    async def runs(self, *words: str) -> tuple[int, str]:
        """Exit code, and what was said."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ROUNDS_")}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *words, cwd=self.folder,
            env={**environment, "ROUNDS_DATA_DIR": str(self.folder)},
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        said, _ = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode is not None
        return process.returncode, said.decode()
