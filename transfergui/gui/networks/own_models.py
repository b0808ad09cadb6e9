"""The user's own trained networks, runs and packages, as rows among the published ones."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Literal

import msgspec

from transfergui.core import registry
from transfergui.core.base import paths
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _, paragraph
from transfergui.core.base.paths import shown
from transfergui.core.data.targets import Targets
from transfergui.core.interfaces.networks import Backbone, Source
from transfergui.core.interfaces.plan import Modality
from transfergui.core.runs import packages
from transfergui.core.runs import run as runs
from transfergui.core.runs.run import Run
from transfergui.core.sources import backbone_unchanged, parameters, trained_backbone
from transfergui.gui.base import words
from transfergui.gui.base.run_names import RunName
from transfergui.gui.networks.backbone_model import OWN

TAKEN = N_(
    "The new run starts with the trained backbone of this model; a new head is trained for your "
    "classes."
)
AS_IT_WAS = N_(
    "This run trained only the head. A new run starts with a new head, so this is the same as "
    "choosing the backbone. To build on a run, choose one that also trained the backbone, for "
    "example with fine-tuning."
)
DETECTOR = N_(
    "A new run that looks for boxes starts with this detector: its backbone, its feature pyramid "
    "and its detection head (a head of another kind is new). Any other run uses its backbone only."
)
TAUGHT = N_(
    "As the teacher, this model provides its features. If the classes are the same, the student"
    " learns from its predictions, too."
)
ADAPTED = N_("The whole model is adapted: its last layer is kept, and no new one is trained.")
WHOLE = N_("The whole model is used, with the trained head.")
"""Where finished trainings are put together."""
Use = Literal["start", "teacher", "whole", "adapt"]
"""What a training is chosen for: to begin the next one, to teach it, to be put together, to be
adapted."""


def own(named: str, source: Source, use: Use = "start") -> Backbone | None:
    """The row of a trained model, a run or a package; None where ``source`` is neither.

    Args:
        named: as a recipe names it.

    Raises:
        UserError: as :func:`own_model`; the package is damaged.
    """
    if source.run is not None:
        return own_model(Run(source.run), use)
    path = paths.expanded(named)
    return _package_model(path, source, use) if packages.is_package(path) else None


def _package_model(path: Path, source: Source, use: Use) -> Backbone:
    card = packages.open_package(path).card
    accuracy = card.metrics.get("accuracy")
    told = _("{network}, from the model package {file}.").format(
        network=source.backbone.title, file=shown(path.name)
    )
    return msgspec.structs.replace(
        source.backbone,
        key=str(path),
        title=shown(card.name or path.stem),
        family=_(OWN),
        summary=paragraph((told, _taken(source.backbone_unchanged, source.targets, use))),
        params=parameters(source.backbone, source.weights),
        weights_url=path.resolve().as_uri(),
        weights_hash="",
        download_bytes=path.stat().st_size,
        accuracy=100 * accuracy if isinstance(accuracy, float) else None,
        source="",
    )


def _taken(as_it_was: bool, targets: Targets, use: Use) -> str:
    """What of a training is used.

    Args:
        targets: what it predicts.
    """
    if use == "start" and registry.objective(targets.objective).continues:
        return _(DETECTOR)
    if use == "start":
        return _(AS_IT_WAS if as_it_was else TAKEN)
    return _({"teacher": TAUGHT, "whole": WHOLE, "adapt": ADAPTED}[use])


def use_by(strategy: str) -> Use:
    """What a run is for that is chosen as the backbone of the strategy with this key."""
    return "adapt" if registry.strategy(strategy).procedure == "adapt" else "start"


def own_model(run: Run, use: Use = "start", in_full: bool = False) -> Backbone:
    """The network of a run under the run's name, with what it reached on the user's data.

    Its ``key`` is the folder of the run, which a recipe takes for a backbone too.

    Args:
        in_full: its title tells time, strategy and network too, in two lines.

    Raises:
        UserError: as :func:`transfergui.core.sources.trained_backbone`, or the run is damaged.
    """
    recipe, network, report = run.recipe, trained_backbone(run), run.report()
    modality = registry.modality(recipe.modality)
    accuracy = report.get("accuracy")
    summary = _("{network}, trained on “{data}” ({strategy}, {when}) and tested on {amount}.")
    name = RunName.of(run)
    data, called = shown(name.data), shown(name.called)
    told = summary.format(
        network=network.title,
        data=data,
        strategy=name.strategy,
        when=name.when.split()[0],
        amount=words.Noun.of(modality).amount(report.get("n", 0)),
    )
    title = f"{called} · {name.when}\n{name.strategy} · {name.network}"
    return msgspec.structs.replace(
        network,
        key=str(run.path),
        title=title if in_full else called,
        family=_(OWN),
        params=parameters(network, run.best),
        summary=paragraph((told, _taken(backbone_unchanged(report), run.split.targets, use))),
        input=network.input | recipe.input,
        weights_url=run.best.resolve().as_uri(),
        weights_hash="",
        download_bytes=run.best.stat().st_size,
        trained_on=_("your {noun} “{data}”").format(noun=_(modality.many), data=data),
        accuracy=None if accuracy is None else 100 * accuracy,
        source="",
    )


def own_models(modality: Modality, also: str = "", use: Use = "start") -> list[Backbone]:
    """Every finished run that learnt from this modality, newest first; in a worker thread.

    Their titles are in full: several are on the same data.

    Args:
        also: a run that may lie elsewhere, as a recipe names it.
    """
    paths = dict.fromkeys(run.path for run in runs.list_runs())
    if (Path(also) / "recipe.json").is_file():
        paths[Path(also)] = None
    found: list[Backbone] = []
    for path in paths:
        with contextlib.suppress(UserError):  # the Runs stage says what is wrong with it
            if _finished(Run(path), modality):
                found.append(own_model(Run(path), use, in_full=True))
    return found


def _finished(run: Run, modality: Modality) -> bool:
    return run.best.is_file() and bool(run.report()) and run.recipe.modality == modality.key
