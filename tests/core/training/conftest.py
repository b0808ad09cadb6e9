"""Small real trainings: a few dozen pictures, a small network with BatchNorm, random weights."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from tests import tiny_networks
from transfergui.core import registry
from transfergui.core import resolve as plan
from transfergui.core.data import split
from transfergui.core.exporters import onnx
from transfergui.core.interfaces.plan import Plan
from transfergui.core.recipe import Recipe
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.training import trainer

BACKBONE = "shufflenet_v2_x0_5"
SIZE = 32


@pytest.fixture(autouse=True)
def _one_thread(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Networks this small are slower on several threads, much slower on a busy machine."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # for child processes
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def untraced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packages are as those of networks too large for ONNX: to trace one takes two seconds, and
    what the ONNX file answers is tested in tests/core/exporters."""
    monkeypatch.setattr(onnx, "fits", lambda model: False)


@pytest.fixture(scope="session")
def weights_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a weights file for :data:`BACKBONE` (random: nothing is downloaded)."""
    from torchvision.models import shufflenet_v2_x0_5

    folder = tmp_path_factory.mktemp("weights")
    torch.manual_seed(0)
    torch.save(shufflenet_v2_x0_5().state_dict(), folder / f"{BACKBONE}.pth")
    return folder


@pytest.fixture(scope="module")
def small_weights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """:data:`BACKBONE` is a small network in this module; a folder with its (random) weights.

    For modules that train often: ``weights_dir`` there returns it.
    """
    folder = tmp_path_factory.mktemp("small")
    with pytest.MonkeyPatch.context() as patch:
        tiny_networks.put_shufflenet_in_place(patch)
        torch.manual_seed(0)
        torch.save(tiny_networks.shufflenet().state_dict(), folder / f"{BACKBONE}.pth")
        yield folder


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory, tiny_pictures: Callable[..., Path]) -> Path:
    """Three classes of 16 pictures. Read-only: tests that damage files make their own."""
    return tiny_pictures(tmp_path_factory.mktemp("pictures"), classes=3, per_class=16, size=SIZE)


class Lab:
    """Makes plans and runs below one folder."""

    def __init__(self, folder: Path, pictures: Path, weights: Path) -> None:
        self.folder = folder
        self.pictures = pictures
        self.weights = weights
        self.count = 0

    def plan(self, **settings: Any) -> Plan:
        settings = {
            "data__path": str(self.pictures),
            "weights_dir": str(self.weights),
            "backbone": BACKBONE,
            "input": {"size": SIZE, "resize": SIZE},
            "optim__batch_size": 8,
            "run__epochs": 3,
            "run__device": "cpu",
            **settings,
        }
        recipe = Recipe().replace(**settings)
        dataset = registry.modality(recipe.modality).scan(recipe.data)
        return plan.resolve(recipe, split.split(dataset, recipe.split, recipe.run.seed))

    def run(self, made: Plan) -> Run:
        self.count += 1
        return Run.create(made.recipe, made.split, self.folder / f"run{self.count}")

    def train(self, **settings: Any) -> tuple[Run, list[ev.Event]]:
        """Train to the end."""
        made = self.plan(**settings)
        run = self.run(made)
        return run, list(trainer.train(made, run))

    def interrupted(self, run: Run, made: Plan, how: str, after: int) -> Iterator[ev.Event]:
        """Train, and ask for a stop at the event number ``after``."""
        for number, event in enumerate(trainer.train(made, run)):
            yield event
            if number == after:
                run.request_stop("cancel" if how == "cancel" else "finish")


@pytest.fixture
def lab(tmp_path: Path, pictures: Path, weights_dir: Path) -> Lab:
    return Lab(tmp_path, pictures, weights_dir)


@pytest.fixture
def own(tmp_path: Path, lab: Lab) -> Lab:
    """A lab whose pictures may be damaged."""
    shutil.copytree(lab.pictures, tmp_path / "own")
    lab.pictures = tmp_path / "own"
    return lab
