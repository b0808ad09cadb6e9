"""What finding and checking many files costs: our own beside bare loops over the same files."""

import os
import time
from pathlib import Path

import numpy as np
from PIL import Image

from tests.benchmarks.measured import Measured, Task
from transfergui.core.base.parallel import in_chunks
from transfergui.core.modalities.image import files
from transfergui.core.reading.files.walk import Walk

MANY, FOLDERS = 200_000, 100
SOME = 10_000
"""Whose headers are read."""
SIDE = 32


def our_listing(task: Task) -> Measured:
    root = _names(Path(task.home))
    began = time.perf_counter()
    found = sum(len(folder.files) for folder in Walk(root))
    return _counted(began, found, MANY)


def bare_listing(task: Task) -> Measured:
    """``os.scandir``, folder by folder."""
    root = _names(Path(task.home))
    began = time.perf_counter()
    found = sum(1 for folder in os.scandir(root) for entry in os.scandir(folder) if entry.is_file())
    return _counted(began, found, MANY)


def our_headers(task: Task) -> Measured:
    """Every file opened and checked, as a scan does; without the search for copies."""
    paths = [str(path) for path in _pictures(Path(task.home)).rglob("*.png")]
    began = time.perf_counter()
    found = sum(not any(p.left_out for p in seen) for seen in in_chunks(files.inspect, paths))
    return _counted(began, found, SOME)


def bare_headers(task: Task) -> Measured:
    """``Image.open`` of each, and a check that it is whole: ``verify``."""
    paths = list(_pictures(Path(task.home)).rglob("*.png"))
    began = time.perf_counter()
    found = 0
    for path in paths:
        with Image.open(path) as image:
            image.verify()
            found += 1
    return _counted(began, found, SOME)


def _counted(began: float, found: int, wanted: int) -> Measured:
    assert found == wanted, (found, wanted)
    return Measured(time.perf_counter() - began, found)


def _names(home: Path) -> Path:
    """:data:`MANY` empty files: what is listed is names."""
    root = home / "names"
    for number in range(FOLDERS):
        folder = root / f"class{number:03}"
        folder.mkdir(parents=True)
        for count in range(MANY // FOLDERS):
            (folder / f"{count:05}.jpg").touch()
    return root


def _pictures(home: Path) -> Path:
    """:data:`SOME` small pictures, all different, in ten classes."""
    root = home / "pictures"
    pixels = np.random.default_rng(0).integers(0, 256, (SOME, SIDE, SIDE, 3), np.uint8)
    for number, picture in enumerate(pixels):
        folder = root / f"class{number % 10}"
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture).save(folder / f"{number:05}.png")
    return root
