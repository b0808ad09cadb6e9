"""The model card of the built-in backbone: ``python -m tests.model_card RUN... --probe FILE``.

Everything in it that is a figure comes from the runs that made the weights, each of which
began where the one before it ended, from the weights file and from ``tests.probe``; the
sentences are in ``model_card.md`` beside this file, in the order of Mitchell et al., "Model
Cards for Model Reporting" (2019, arXiv:1810.03993). Writes ``tgnet.md`` and a
``tgnet-curves-1.png`` for each run into ``resources/backbones``.
"""

import argparse
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import jinja2
import msgspec
from PIL import Image

from tests import probe as probing
from tests.probe import TGNET, Probe
from transfergui.core.base import files
from transfergui.core.base.i18n import duration
from transfergui.core.base.paths import resource
from transfergui.core.recipe import Recipe
from transfergui.core.runs import events as ev
from transfergui.core.runs.history import History
from transfergui.core.runs.run import Run

HERE = Path(__file__).parent
CURVES = f"{TGNET.key}-curves-{{}}.png"
"""With the number of the run, from 1."""
WIDTH, HEIGHT = 880, 480
SAID_ELSEWHERE = ("schema", "name", "modality", "data.path", "backbone", "strategy", "weights_dir")


class Stage(NamedTuple):
    """One of the trainings, as the card tells it."""

    recipe: str
    settings: list[tuple[str, str]]
    outcome: ev.Finished
    started: ev.Started
    interruptions: int
    curves: str


def stage(run: Run, number: int) -> Stage:
    """
    Raises:
        ValueError: the training is not over.
    """
    history = run.history()
    if history.started is None or not isinstance(history.outcome, ev.Finished):
        raise ValueError(f"{run.path} is not finished")
    return Stage(
        recipe=f"{TGNET.key}-{number}.recipe.json",
        settings=list(settings(run.recipe)),
        outcome=history.outcome,
        started=history.started,
        interruptions=interruptions(run),
        curves=CURVES.format(number),
    )


def render(runs: Sequence[Run], probe: Probe, weights: Path, machine: str) -> str:
    """The card in Markdown.

    Args:
        runs: trainings of TGNet that are over; the last one made the weights.
        weights: the file that was exported from it.
        machine: on what they were trained, in words: a run does not record it.

    Raises:
        ValueError: a training is not over, or the last one never validated.
    """
    stages = [stage(run, number) for number, run in enumerate(runs, start=1)]
    run, best = runs[-1], runs[-1].history().best
    if best is None:
        raise ValueError(f"{run.path} never validated")
    parts = list(layers(TGNET.input["size"]))
    jinja = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE), undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    jinja.filters.update(thousands="{:,}".format, share="{:.3f}".format, duration=duration)
    return jinja.get_template("model_card.md").render(
        row=TGNET,
        layers=parts,
        parameters=sum(parameters for _, _, parameters in parts),
        megabytes=weights.stat().st_size / 1e6,
        stages=stages,
        started=stages[-1].started,
        best=best,
        report=run.report(),
        recipe=run.recipe,
        environment=run.environment(),
        machine=machine,
        probe=probe,
        probe_table=probing.table(probe),
        speeds=probing.speed_sentence(probe.speeds),
        penalty=probing.PENALTY,
    )


def settings(recipe: Recipe) -> Iterator[tuple[str, str]]:
    """What a recipe sets otherwise than the program would: ("optim.lr", "0.2"), ..."""
    usual = dict(_flat(msgspec.to_builtins(Recipe())))
    for path, value in _flat(msgspec.to_builtins(recipe)):
        if path not in SAID_ELSEWHERE and value != usual.get(path):
            yield path, str(value)


def _flat(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def interruptions(run: Run) -> int:
    """How often the training was taken up again."""
    return sum(isinstance(event, ev.Started) and event.resumed for event in run.events())


def layers(size: int) -> Iterator[tuple[str, str, int]]:
    """Name, output (channels x height x width) and parameters of each part of the encoder."""
    import torch

    from transfergui.core.modalities.image import models

    network = models.outline(TGNET.key, size).network.eval()
    names = [prefix.removeprefix("network.") for group in TGNET.groups for prefix in group]
    shapes: dict[str, str] = {}
    for name in names:
        network.get_submodule(name).register_forward_hook(
            lambda _module, _inputs, output, name=name: shapes.update(
                {name: " x ".join(map(str, output.shape[1:]))}
            )
        )
    with torch.no_grad():
        network(torch.empty(1, 3, size, size, device="meta"))
    for name in names:
        yield name, shapes[name], sum(p.numel() for p in network.get_submodule(name).parameters())


def draw(history: History, path: Path) -> None:
    """The curves as the window shows them, as a PNG in few colours.

    Raises:
        OSError: the file cannot be written.
    """
    from PySide6.QtWidgets import QApplication

    from transfergui.gui.base import style, tasks
    from transfergui.gui.plots.live_plot import LivePlot

    app = QApplication.instance() or QApplication([])
    style.theme.use("light")
    plot = LivePlot()
    plot.resize(WIDTH, HEIGHT)
    plot.show_history(history)
    plot.show()
    app.processEvents()
    plot.export.save(path)
    assert tasks.wait_all()  # it is written in the background
    plot.close()
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(64)
    small.save(path, optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.model_card", description=__doc__)
    parser.add_argument("runs", type=Path, nargs="+", help="in the order of the trainings")
    parser.add_argument("--probe", type=Path, required=True, help="probe.json of tests.probe")
    parser.add_argument(
        "--machine", required=True, help="on what it was trained, as in “two cores of a ...”"
    )
    parser.add_argument("--out", type=Path, default=resource("backbones"))
    arguments = parser.parse_args()
    runs = [Run.open(path) for path in arguments.runs]
    probe = msgspec.json.decode(arguments.probe.read_bytes(), type=Probe)
    weights = resource("backbones", f"{TGNET.key}.safetensors")
    card = render(runs, probe, weights, arguments.machine)
    for number, run in enumerate(runs, start=1):
        draw(run.history(), arguments.out / CURVES.format(number))
    files.write_atomic(arguments.out / f"{TGNET.key}.md", card)
    print(arguments.out / f"{TGNET.key}.md")


if __name__ == "__main__":
    main()
