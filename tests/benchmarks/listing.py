"""What finding and checking many files costs: our scan beside bare loops over the same files."""

import os
import time
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

from tests.benchmarks.measured import Measured, Task
from transfergui.core import registry
from transfergui.core.dataset import DataOptions
from transfergui.core.modalities.walk import Walk

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
    """A whole scan: found, opened, checked, copies looked for."""
    root = _pictures(Path(task.home))
    memory = psutil.Process().memory_info().rss
    began = time.perf_counter()
    dataset = registry.modality("image").scan(DataOptions(path=str(root)))
    measured = _counted(began, len(dataset.samples), SOME)
    print(f"{(psutil.Process().memory_info().rss - memory) / SOME:.0f} bytes a file")
    return measured


def bare_headers(task: Task) -> Measured:
    """``Image.open`` of each, and a check that it is whole: ``verify``."""
    root = _pictures(Path(task.home))
    began = time.perf_counter()
    found = 0
    for path in root.rglob("*.png"):
        with Image.open(path) as image:
            image.verify()
            found += 1
    return _counted(began, found, SOME)


def _counted(began: float, found: int, wanted: int) -> Measured:
    assert found == wanted, (found, wanted)
    return Measured(time.perf_counter() - began, found)


def _names(home: Path) -> Path:
    """:data:`MANY` links to one empty file: what is listed is names."""
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
