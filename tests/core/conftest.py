"""A run with a really trained, if small, network."""

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import ExifTags, Image

from tests.conftest import TINY, make_tiny_pictures
from tests.core.made_objectives import meaning
from transfergui.core import registry
from transfergui.core.data import split as splitting
from transfergui.core.data.dataset import DataOptions, Sample
from transfergui.core.data.split import Split
from transfergui.core.exporters.exporter import Parity
from transfergui.core.recipe import Recipe
from transfergui.core.runs.run import Run

CLASSES = ("class_0", "class_1", "class_2")
STEPS = 12


@pytest.fixture(scope="session")
def trained_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A ResNet-18 on pictures of three classes, trained from scratch for some steps."""
    folder = tmp_path_factory.mktemp("trained")
    pictures = make_tiny_pictures(folder / "pictures", classes=3, per_class=12, size=48)
    recipe = Recipe(
        name="shapes",
        data=DataOptions(path=str(pictures)),
        backbone="resnet18",
        strategy="from_scratch",
        input={"size": 32, "resize": 40},
    )
    run = Run.create(recipe, _split(pictures), folder / "run")
    _train(run)
    return run


BACKBONES = {"image": "tgnet", "audio": "tgnet", "text": "word_vectors"}
"""Each has its weights at hand."""


@pytest.fixture(scope="session")
def objective_run(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Run]:
    """A run of an objective in a modality, by their keys, trained for a moment by the real engine
    on the tiny collection of the modality; made once."""
    from transfergui.core.resolve import resolve
    from transfergui.core.training import trainer

    @functools.cache
    def make(objective: str, key: str = "image") -> Run:
        folder = tmp_path_factory.mktemp(f"{objective}-{key}")
        data = TINY[key](folder / "data")
        recipe = Recipe().replace(
            name=objective,
            modality=key,
            data__path=str(data),
            data__objective=objective,
            backbone=BACKBONES[key],
            strategy="feature_extraction",
            run__epochs=8,
        )
        dataset = registry.modality(key).scan(DataOptions(path=str(data)))
        parts = meaning(splitting.split(dataset, recipe.split, 0), objective)
        plan = resolve(recipe, parts)
        run = Run.create(plan.recipe, plan.split, folder / "run")
        for _event in trainer.train(plan, run):
            pass
        assert run.best.is_file()
        return run

    return make


@pytest.fixture(scope="session")
def exported(
    trained_run: Run, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, tuple[Path, Parity]]:
    """The same network in every format, with what the check of each said; made when asked for."""
    from transfergui.core.exporters import onnx
    from transfergui.core.exporters import registry as formats
    from transfergui.core.exporters.export import export
    from transfergui.core.trained import TrainedModel

    folder = tmp_path_factory.mktemp("exported")
    model = TrainedModel.load(trained_run.path)
    to_proto = functools.cache(onnx.to_proto)  # two formats hold it

    class Made(dict[str, tuple[Path, Parity]]):
        def __missing__(self, key: str) -> tuple[Path, Parity]:
            out = folder / f"model{formats.exporter(key).suffix}"
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(onnx, "to_proto", to_proto)
                self[key] = out, export(model, key, out)
            return self[key]

    return Made()


@pytest.fixture(scope="session")
def odd_pictures(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """One file of every kind of picture that needs care on the way to RGB."""
    return make_odd_pictures(tmp_path_factory.mktemp("odd"))


def make_odd_pictures(folder: Path) -> list[Path]:
    rng = np.random.default_rng(0)
    coarse = Image.fromarray(rng.integers(0, 256, (6, 6, 3), np.uint8))
    rgb = coarse.resize((90, 60), Image.Resampling.BICUBIC)
    alpha = rgb.convert("RGBA")
    alpha.putalpha(Image.linear_gradient("L").resize(rgb.size))
    values = np.asarray(rgb.convert("L"), np.uint16)
    turned = rgb.getexif()
    turned[ExifTags.Base.Orientation] = 6
    pictures: dict[str, tuple[Image.Image, dict[str, Any]]] = {
        "gray.png": (rgb.convert("L"), {}),
        "one-bit.png": (rgb.convert("1"), {}),
        "palette.png": (rgb.convert("P"), {"transparency": 0}),
        "alpha.png": (alpha, {}),
        "gray-alpha.png": (alpha.convert("LA"), {}),
        "alpha.webp": (alpha, {"lossless": True}),
        "16-bit.png": (Image.fromarray(values * 257), {}),
        "12-bit.png": (Image.fromarray(values * 16), {}),
        "float.tif": (Image.fromarray((values / 255).astype(np.float32)), {}),
        "cmyk.jpg": (rgb.convert("CMYK"), {}),
        "turned.jpg": (rgb, {"exif": turned}),
        "large.jpg": (rgb.resize((900, 600)), {}),
        "animated.gif": (rgb, {"save_all": True, "append_images": [rgb.rotate(90)]}),
        "long.png": (rgb.resize((900, 20)), {}),
        "pixel.png": (rgb.resize((1, 1)), {}),
        "caf\u00e9 \u732b.bmp": (rgb, {}),
    }
    for name, (picture, options) in pictures.items():
        picture.save(folder / name, **options)
    return [folder / name for name in pictures]


def _split(pictures: Path) -> Split:
    """Six of each class to learn, three to validate, three to test."""
    paths = sorted(pictures.rglob("*.png"))
    samples = [
        Sample(p.relative_to(pictures).as_posix(), CLASSES.index(p.parent.name)) for p in paths
    ]
    return Split(
        root=str(pictures),
        modality="image",
        classes=CLASSES,
        train=tuple(samples[0::4] + samples[1::4]),
        val=tuple(samples[2::4]),
        test=tuple(samples[3::4]),
        seed=0,
        method="split.random",
    )


def _train(run: Run) -> None:
    import torch

    from transfergui.core.nn.classifier import classifier_of
    from transfergui.core.resolve import resolve
    from transfergui.core.training import checkpoint

    plan = resolve(run.recipe, run.split)
    torch.manual_seed(0)
    model = classifier_of(plan)
    read = [
        plan.modality.load(Path(plan.split.root) / s.path, plan.input) for s in plan.split.train
    ]
    inputs = torch.stack([plan.modality.prepare(each, plan.input) for each in read])
    targets = torch.tensor([sample.label for sample in plan.split.train])
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    model.train()
    for _step in range(STEPS):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(inputs), targets).backward()
        optimizer.step()
    run.checkpoints.mkdir()
    checkpoint.save_best(run.checkpoints, model.state_dict())
