"""A model of every modality, trained for a moment by the real engine, in every format."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import TINY
from transfergui.core import registry
from transfergui.core.data import split
from transfergui.core.data.dataset import DataOptions
from transfergui.core.exporters import registry as formats
from transfergui.core.exporters.exporter import Parity
from transfergui.core.recipe import Recipe
from transfergui.core.runs.run import Run

BACKBONES = {"image": "tgnet", "audio": "tgnet", "text": "word_vectors"}
"""Each has its weights at hand, and a part that lies beside the options where there is such."""


def train_tiny(key: str, folder: Path, **settings: Any) -> Run:
    """A finished run on a tiny collection of one modality."""
    from transfergui.core.resolve import resolve
    from transfergui.core.training import trainer

    modality = registry.modality(key)
    data = TINY[key](folder / "data")
    usual = {"backbone": BACKBONES[key], "strategy": "fine_tuning", "run__epochs": 2}
    recipe = Recipe().replace(
        name="tiny", modality=key, data__path=str(data), **{**usual, **settings}
    )
    dataset = modality.scan(DataOptions(path=str(data)))
    plan = resolve(recipe, split.split(dataset, recipe.split, 0))
    run = Run.create(plan.recipe, plan.split, folder / "run")
    for _event in trainer.train(plan, run):
        pass
    assert run.best.is_file()
    return run


@pytest.fixture(scope="session")
def tiny_run(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Run]:
    """A run of the modality with this key, trained once."""

    @functools.cache
    def make(key: str) -> Run:
        return train_tiny(key, tmp_path_factory.mktemp(key))

    return make


@pytest.fixture(scope="session")
def export_run() -> Callable[[Path, str, Path], Parity]:
    """Exports a run; formats that hold the same graph share the one that was traced first."""
    from transfergui.core.exporters import onnx
    from transfergui.core.exporters.export import export
    from transfergui.core.trained import TrainedModel

    load, to_proto = functools.cache(TrainedModel.load), functools.cache(onnx.to_proto)

    def write(run: Path, format: str, out: Path) -> Parity:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(onnx, "to_proto", to_proto)
            return export(load(run), format, out)

    return write


@pytest.fixture(scope="session")
def tiny_export(
    tiny_run: Callable[[str], Run],
    export_run: Callable[[Path, str, Path], Parity],
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str, str], tuple[Path, Parity]]:
    """A run of a modality in a format, and what the check of the file said; made once."""
    folder = tmp_path_factory.mktemp("formats")

    @functools.cache
    def make(modality: str, format: str) -> tuple[Path, Parity]:
        suffix = formats.exporter(format).suffix
        out = folder / f"{modality}-{format}{suffix}"
        return out, export_run(tiny_run(modality).path, format, out)

    return make
