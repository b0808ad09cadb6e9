"""Places, plans and trainings for the tests."""

import shlex
import sys
from pathlib import Path
from typing import Any

from transfergui.core import registry
from transfergui.core.data import split as splitting
from transfergui.core.data.dataset import DataOptions
from transfergui.core.interfaces.plan import Plan
from transfergui.core.places.place import Place
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.runs.run import Run
from transfergui.core.training import start


def lab(**fields: Any) -> Place:
    """A place that the stand-in reaches: this program."""
    program = f"{shlex.quote(sys.executable)} -P -m transfergui"
    return Place(**{"name": "lab", "host": "lab", "program": program, **fields})


def planned(data: Path) -> Plan:
    recipe = Recipe().replace(data__path=str(data), backbone="tgnet", run__epochs=2)
    dataset = registry.modality("image").scan(DataOptions(path=str(data)))
    return resolve(recipe, splitting.split(dataset, recipe.split, 0))


def here(plan: Plan, folder: Path) -> Run:
    """The plan, trained on this computer."""
    run = Run.create(plan.recipe, plan.split, folder)
    for _event in start.train(plan, run):
        pass
    return run
