"""How much room is left on the disks of this machine."""

import shutil
from pathlib import Path

LITTLE_SPACE, NO_SPACE = 1024**3, 100 * 1024**2  # bytes; a rep's day is about 50 MB of photos


def folders(data_dir: Path, photos: str) -> list[Path]:
    """Where something is kept here: the data, and the photos where they are elsewhere on this machine."""
    found = [data_dir]
    if "://" not in photos and not Path(photos).is_relative_to(data_dir):
        found.append(Path(photos))
    return found


def free_bytes(folder: Path) -> int:
    """How much fits on the disk of a folder that may not be there yet."""
    folder = folder.resolve()
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free
