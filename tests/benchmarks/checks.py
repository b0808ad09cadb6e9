"""``python -m tests.benchmarks.checks FOLDER [BACKBONE] [SETTING=NUMBER...]``: the costs of checks.

Prints seconds, seconds of the processor, and the most of these in which a check could not be
cancelled; the latter hold on a busy machine, too. Features that are not in the cache
(``TRANSFERGUI_CACHE``) are computed first.
"""

import sys
import time
from collections.abc import Callable
from typing import TypeVar

from transfergui.core import registry as modalities
from transfergui.core.checks.material import material_of
from transfergui.core.checks.registry import CHECKS
from transfergui.core.data import split
from transfergui.core.data.dataset import DataOptions
from transfergui.core.data.split import SplitOptions
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve

Found = TypeVar("Found")


def main(folder: str, backbone: str = "mobilenet_v2", *settings: str) -> None:
    plan = _measured("reading", lambda _tell: _plan(folder, backbone, settings))
    material = _measured("features", lambda tell: material_of(plan, tell))
    began, own = time.monotonic(), time.process_time()
    for check in CHECKS:
        if not check.obstacle(material):
            _measured(check.key, lambda tell, find=check.find: find(material, tell))
    print(_line("all checks", time.monotonic() - began, time.process_time() - own))


def _plan(folder: str, backbone: str, settings: tuple[str, ...]):
    dataset = modalities.modality("image").scan(DataOptions(path=folder))
    made = split.split(dataset, SplitOptions(), seed=0)
    pairs = (each.split("=") for each in settings)
    input = {name: int(value) for name, value in pairs}
    return resolve(Recipe().replace(backbone=backbone, input=input), made)


def _measured(title: str, work: Callable[[Callable[[int, int], None]], Found]) -> Found:
    longest, last = 0.0, time.process_time()

    def tell(done: int, total: int) -> None:
        nonlocal longest, last
        now = time.process_time()
        longest, last = max(longest, now - last), now

    began, own = time.monotonic(), time.process_time()
    found = work(tell)
    tell(0, 0)
    print(_line(title, time.monotonic() - began, time.process_time() - own, longest), flush=True)
    return found


def _line(title: str, seconds: float, processor: float, longest: float | None = None) -> str:
    waited = "" if longest is None else f", not cancellable for {longest:.2f} s"
    return f"{title:16} {seconds:6.1f} s, processor {processor:6.1f} s{waited}"


if __name__ == "__main__":
    main(*sys.argv[1:])
