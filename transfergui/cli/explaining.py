"""``explain``: what predictions rest on, as pictures and as one document."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from transfergui.cli import console
from transfergui.core.base import files, shards
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, comma_list
from transfergui.core.data.dataset import Problem
from transfergui.core.reading.given import is_there, unfolded

if TYPE_CHECKING:
    from transfergui.core.looking.explain import Explainer, Explanation
    from transfergui.core.trained import TrainedModel

DOCUMENT = "explanations.json"


def explain(arguments: argparse.Namespace) -> None:
    """``transfergui explain RUN|MODEL PATH... --out DIR [--for NAME] [--json]``.

    Raises:
        UserError: ``model.onnx_only``; ``explain.boxes``, ``explain.no_output``;
            ``predict.empty``: there is nothing to look at; ``explain.not_written``; or why no file
            at all can be explained.
    """
    from transfergui.core.looking import saving
    from transfergui.core.looking.explain import Explainer
    from transfergui.core.trained import TrainedModel

    model = TrainedModel.load(arguments.model)
    if model.objective.places:
        raise UserError("explain.boxes")
    explainer = Explainer(model)
    output = _output(model, arguments.name)
    out: Path = arguments.out
    problems: list[Problem] = []
    rows: list[dict[str, Any]] = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for each in _explained(explainer, arguments.paths, output, problems):
            name = saving.save(each, model, out, {row["file"] for row in rows})
            rows.append(saving.document(each, model, name))
            if not arguments.json:
                said = " ".join(rows[-1]["notes"])
                console.result(f"{shards.inside(each.path)}\t{rows[-1]['label']}\t{name}\t{said}")
        _require_some(rows, problems, model, arguments.paths)
        told = [
            {
                "path": str(shards.inside(Path(p.path))),
                "code": p.code,
                "why": p.told(),
            }
            for p in problems
        ]
        document = {"model": model.name, "explanations": rows, "problems": told}
        files.write_atomic(out / DOCUMENT, msgspec.json.format(msgspec.json.encode(document)))
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError("explain.not_written", path=str(out), reason=reason) from None
    for problem in problems:
        console.say(_("left out: {sentence}").format(sentence=problem.told()))
    if arguments.json:
        console.document(document)
    else:
        console.result(str(out / DOCUMENT))


def _output(model: "TrainedModel", name: str | None) -> int | None:
    """Which output is explained; None for the one that is predicted."""
    if name is None:
        return None
    if name not in model.classes:
        raise UserError("explain.no_output", name=name, names=comma_list(model.classes))
    return model.classes.index(name)


def _explained(
    explainer: "Explainer", paths: list[Path], output: int | None, problems: list[Problem]
) -> "Iterator[Explanation]":
    """One after the other; what cannot be read becomes a problem."""
    model = explainer.model
    missing = [path for path in paths if not is_there(path)]
    problems += [Problem("predict.missing", path=str(path)) for path in missing]
    given = unfolded([path for path in paths if path not in missing], model.modality)
    problems += given.problems
    for path in model.modality.list_files(given.paths, model.input):
        try:
            yield explainer.explain(path, output)
        except UserError as error:
            problems.append(Problem.of(error.note, str(path)))


def _require_some(
    rows: list[dict[str, Any]], problems: list[Problem], model: "TrainedModel", paths: list[Path]
) -> None:
    if rows:
        return
    if not problems:
        names = ", ".join(map(str, paths[:3]))
        raise UserError("predict.empty", noun=model.modality.many, path=names)
    for problem in problems[1:]:
        console.say(problem.told())
    raise UserError(problems[0].code, **{"path": problems[0].path, **problems[0].values})
