"""The model card in a package: ``README.md``.

Its sections are those of Mitchell et al., "Model Cards for Model Reporting", 2019; its header is
what the Hugging Face hub reads. Everything in it was measured or set; what only people know is
left for them to fill in, and marked.
"""

from __future__ import annotations

import html
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from transfergui.core import registry
from transfergui.core.base import paths
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import number, percent, within
from transfergui.core.base.i18n import N_, _, grouped
from transfergui.core.base.notes import Note
from transfergui.core.data.targets import NUMBER, ONE_CLASS
from transfergui.core.evaluation import adapted, borrowing_gain, chosen, data_checks, words
from transfergui.core.evaluation import report as reports
from transfergui.core.evaluation.beside import Beside
from transfergui.core.evaluation.kinds import Table
from transfergui.core.exporters import onnx, script
from transfergui.core.figures.adapting import Adaptation
from transfergui.core.figures.borrowing_gain import BorrowingGain
from transfergui.core.runs import doubts

if TYPE_CHECKING:
    from transfergui.core.recipe import Recipe
    from transfergui.core.trained import TrainedModel

NAMED = 50
"""Classes that are listed by name."""
TASKS = {
    "image": "image-classification",
    "audio": "audio-classification",
    "text": "text-classification",
}
"""What the hub calls a task, by the modality; predicting a number has no name there."""
PLACES_TASK = "object-detection"
"""The same of models that find places in a sample."""
METRICS = {
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced_accuracy",
    "macro_f1": "f1",
    "mean_average_precision": "mean_average_precision",
    "mean_absolute_error": "mae",
    "r2": "r_squared",
    "ap50": "ap50",
    "ap": "ap",
}
"""What the hub calls a figure of a report."""


def render(model: TrainedModel) -> str:
    """The card as Markdown."""
    import jinja2

    jinja = jinja2.Environment(
        loader=jinja2.FileSystemLoader(paths.resource("templates")),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    jinja.filters.update(shown=_in_a_cell, percent=percent, code="`{}`".format)
    jinja.globals["_"] = _
    metrics = model.card.metrics
    return jinja.get_template("model_card.md").render(
        header=_header(model),
        doubts=doubts.FILE if model.doubts is not None else "",
        card=model.card,
        backbone=model.backbone,
        strategy=_strategy(model.card.recipe),
        metrics=metrics,
        measured_on=_(MEASURED_ON.get(str(metrics.get("measured_on")), "")),
        modality=model.modality,
        shape=model.modality.input_shape(model.input),
        parameters=grouped(sum(p.numel() for p in model.module.parameters())),
        made=_made(model),
        assets=list(_described(sorted(model.assets))),
        predicts=_predicted(model),
        figures=list(_figures(metrics)),
        tables=list(_tables(metrics)),
        beside=list(_beside(model)),
        named=NAMED,
        data_name=model.card.recipe.data.name,
        counts=_counts(model),
        grouped_by=metrics.get("grouped_by") or "",
        caveats=[note.sentence() for note in _caveats(model)],
        outputs=model.objective.exports(model.found),
        places=model.objective.places,
        usage=script.usage(model.modality.key, model.objective.key) if onnx.fits(model) else "",
    )


# -- the header that the hub reads


def _header(model: TrainedModel) -> str:
    """YAML; every text as JSON writes it, which YAML reads."""
    card, task = model.card, TASKS.get(model.modality.key, "")
    task = PLACES_TASK if model.objective.places else task
    predicts_number = model.objective.key == NUMBER
    tags = ["transfergui", *(() if predicts_number else (task,)), card.backbone]
    lines = [
        "# "
        + _("Choose the licence of the model; the hub knows these names: {address}").format(
            address="https://hf.co/docs/hub/repositories-licenses"
        ),
        "license: other",
        "library_name: transfergui",
        *([] if predicts_number else [f"pipeline_tag: {task}"]),
        "tags:",
        *(f"- {_quoted(tag)}" for tag in tags),
    ]
    figures = [
        (name, value)
        for key, name in METRICS.items()
        if isinstance(value := card.metrics.get(key), (int, float))
    ]
    if figures:
        lines += ["metrics:", *(f"- {name}" for name, _value in figures)]
        lines += _index(model, task or "other", figures)
    return "\n".join(lines)


def _index(model: TrainedModel, task: str, figures: Sequence[tuple[str, float]]) -> Iterator[str]:
    """The results as the hub lists them."""
    split = {"val": "validation"}.get(str(model.card.metrics.get("measured_on")), "test")
    yield from (
        "model-index:",
        f"- name: {_quoted(model.card.name)}",
        "  results:",
        "  - task:",
        f"      type: {task}",
        "    dataset:",
        f"      name: {_quoted(model.card.recipe.data.name or model.card.name)}",
        "      type: private",
        f"      split: {split}",
        "    metrics:",
    )
    for name, value in figures:
        yield f"    - type: {name}"
        yield f"      value: {value:.6g}"


def _quoted(text: str) -> str:
    return json.dumps(paths.shown(text), ensure_ascii=False)


# -- what is known of the run


def _made(model: TrainedModel) -> str:
    """The day on which the model was trained; empty of a package, which does not know it."""
    if model.run is None:
        return ""
    return date.fromtimestamp(model.run.best.stat().st_mtime).isoformat()


def _counts(model: TrainedModel) -> list[tuple[str, int, int, int]]:
    """Samples of each class in training, validation and test; none of a package, nor of what has
    too many classes to list."""
    if model.run is None or model.objective.key != ONE_CLASS or len(model.classes) > NAMED:
        return []
    split = model.run.split
    parts = [Counter(s.label for s in part) for part in (split.train, split.val, split.test)]
    return [
        (name, parts[0][label], parts[1][label], parts[2][label])
        for label, name in enumerate(split.classes)
    ]


def _caveats(model: TrainedModel) -> list[Note]:
    """What the report warns of."""
    if model.run is None:
        return []
    try:
        found = reports.load(model.run.path)
    except UserError:  # it was never tested
        return []
    beside = Beside(data=data_checks.notes(model.run, found))
    said = words.notes(found, model.modality, beside)
    return [note for note in said if note.level == "warning"]


# -- words


def _strategy(recipe: Recipe) -> str:
    """What the strategy is called; its key where a newer version made the model."""
    known = (each for each in registry.STRATEGIES if each.key == recipe.strategy)
    titles = (f"“{chosen.method_title(recipe, _(each.title))}”" for each in known)
    return next(titles, recipe.strategy)


def _predicted(model: TrainedModel) -> str:
    """What is predicted, in words; empty of one class, as there everybody knows it."""
    names = ", ".join(map(_in_a_cell, model.card.targets.names))
    return f"{within(_(model.objective.title))} ({names})" if names else ""


MEASURED_ON = {
    "test": N_("the test set"),
    "val": N_("the validation set, which also chose the epoch, so slightly optimistic"),
    "data": N_("another dataset"),
}
FIGURES = {
    "ap50": N_("AP50 (average precision: 100 % if all are found before any false alarm)"),
    "ap": N_("AP (the same, where boxes must fit more exactly)"),
    "baseline_ap50": N_("AP50 of the same boxes for all"),
    "mean_average_precision": N_("mean average precision"),
    "macro_f1": N_("macro F1"),
    "micro_f1": N_("micro F1"),
    "exact_match": N_("all labels correct"),
    "mean_absolute_error": N_("mean absolute error"),
    "median_absolute_error": N_("median absolute error"),
    "baseline_mean_absolute_error": N_("mean absolute error of always predicting the mean"),
    "r2": "R²",
}
"""Of a report on what is not one class, in words."""
COUNTS = {
    "boxes": N_("objects in the test pictures"),
    "found": N_("objects found"),
    "missed": N_("objects missed"),
    "false_alarms": N_("false alarms"),
    "count_error": N_("mean absolute error of the count of objects in a picture"),
}
IN_UNIT = {"mean_absolute_error", "median_absolute_error", "baseline_mean_absolute_error"}


def _figures(metrics: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is to be said of what is not one class."""
    if "objective" not in metrics:
        return
    for key, name in FIGURES.items():
        value = metrics.get(key)
        if value is not None:
            yield _(name), _figure(key, value, metrics.get("unit", ""))
    for key, name in COUNTS.items():
        if metrics.get(key) is not None:
            yield _(name), number(metrics[key])
    for name, own in metrics.get("questions", {}).items():
        title = _("accuracy of “{name}”").format(name=name)
        yield title, f"{percent(own.get('accuracy'))} (n = {own.get('n')})"


def _figure(key: str, value: float, unit: str) -> str:
    if key in IN_UNIT:
        return f"{number(value)} {unit}".strip()
    return f"{value:.2f}" if key == "r2" else percent(value)


def _tables(metrics: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What is told of each class or label, by what they are."""
    for kind, key in ((_("class"), "per_class"), (_("label"), "per_label")):
        if metrics.get(key):
            yield kind, metrics[key]
    for name, own in metrics.get("questions", {}).items():
        yield name, own.get("per_class", {})


def _beside(model: TrainedModel) -> Iterator[tuple[str, list[str], tuple[Table, ...]]]:
    """Of other data beside one's own: a heading, what is said of them, and tables."""
    noun, metrics = model.modality.many, model.card.metrics
    adaptation = _known(metrics.get("adaptation"), Adaptation)
    if adaptation is not None:
        said = [note.sentence() for note in adapted.told(adaptation, noun)]
        yield _("Where it will be used"), said, adapted.tables(adaptation, noun)
    borrowing = _known(metrics.get("borrowing"), BorrowingGain)
    if borrowing is not None:
        said = [borrowing_gain.told(borrowing, noun).sentence()]
        yield _("With and without other data"), said, (borrowing_gain.table(borrowing),)


Known = TypeVar("Known")


def _known(tree: object, kind: type[Known]) -> Known | None:
    """None where nothing is written down, or by hand or another version."""
    try:
        return None if tree is None else msgspec.convert(tree, kind)
    except msgspec.ValidationError:
        return None


def _described(assets: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Names of assets, and what they are for."""
    rows = [name for name in assets if name.endswith("backbone.json")]
    others = [name for name in assets if name not in rows]
    for names, what in (
        (rows, _("the description of the backbone")),
        (others, _("for preparing the input")),
    ):
        if names:
            yield ", ".join(f"assets/{name}" for name in names), what


def _in_a_cell(name: str) -> str:
    """A name that is neither markup nor the end of a cell."""
    return html.escape(paths.shown(name), quote=False).replace("|", "¦")
