"""The model card of the built-in backbone: ``python -m tests.model_card RUN --probe probe.json``.

Everything in it that is a figure comes from the run that made the weights, from the weights
file and from ``tests.probe``; the sentences are in ``model_card.md`` beside this file, in the
order of Mitchell et al., "Model Cards for Model Reporting" (2019, arXiv:1810.03993). Writes
``tgnet.md`` and ``tgnet-curves.png`` into ``resources/backbones``.
"""

import argparse
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import jinja2
import msgspec
from PIL import Image

from tests import probe as probing
from tests.probe import TGNET, Probe
from transfergui.core import events as ev
from transfergui.core import files
from transfergui.core.history import History
from transfergui.core.i18n import duration
from transfergui.core.paths import resource
from transfergui.core.recipe import Recipe
from transfergui.core.runs import Run

HERE = Path(__file__).parent
CURVES = f"{TGNET.key}-curves.png"
WIDTH, HEIGHT = 880, 480
SAID_ELSEWHERE = ("schema", "name", "modality", "data.path", "backbone", "strategy", "weights_dir")


def render(run: Run, probe: Probe, weights: Path, machine: str) -> str:
    """The card in Markdown.

    Args:
        run: a training of TGNet that is over.
        weights: the file that was exported from it.
        machine: on what it was trained, in words: the run does not record it.

    Raises:
        ValueError: the training is not over, or it never validated.
    """
    history = run.history()
    started, outcome, best = history.started, history.outcome, history.best
    if started is None or not isinstance(outcome, ev.Finished) or best is None:
        raise ValueError(f"{run.path} is not finished")
    jinja = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE), undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    jinja.filters.update(thousands="{:,}".format, share="{:.3f}".format, duration=duration)
    return jinja.get_template("model_card.md").render(
        row=TGNET,
        layers=list(layers(TGNET.input["size"])),
        parameters=sum(parameters for _, _, parameters in layers(TGNET.input["size"])),
        megabytes=weights.stat().st_size / 1e6,
        started=started,
        outcome=outcome,
        best=best,
        report=run.report(),
        recipe=run.recipe,
        settings=list(settings(run.recipe)),
        interruptions=interruptions(run),
        environment=run.environment(),
        machine=machine,
        curves=CURVES,
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

    from transfergui.gui import style
    from transfergui.gui.widgets.live_plot import LivePlot

    app = QApplication.instance() or QApplication([])
    style.theme.use("light")
    plot = LivePlot()
    plot.resize(WIDTH, HEIGHT)
    plot.show_history(history)
    plot.show()
    app.processEvents()
    plot.save(path)
    plot.close()
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(64)
    small.save(path, optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.model_card", description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("--probe", type=Path, required=True, help="probe.json of tests.probe")
    parser.add_argument(
        "--machine", required=True, help="on what it was trained, as in “two cores of a ...”"
    )
    parser.add_argument("--out", type=Path, default=resource("backbones"))
    arguments = parser.parse_args()
    run = Run.open(arguments.run)
    probe = msgspec.json.decode(arguments.probe.read_bytes(), type=Probe)
    weights = resource("backbones", f"{TGNET.key}.safetensors")
    card = render(run, probe, weights, arguments.machine)
    draw(run.history(), arguments.out / CURVES)
    files.write_atomic(arguments.out / f"{TGNET.key}.md", card)
    print(arguments.out / f"{TGNET.key}.md")


if __name__ == "__main__":
    main()
