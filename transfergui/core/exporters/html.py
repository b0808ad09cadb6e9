"""A web page: one file that predicts in a browser, for people who have nothing installed.

In it are the network as ONNX, ONNX Runtime Web and what prepares its inputs (``resources/web``).
The page loads nothing: its content security policy forbids every connection. Pictures are brought
to their size, and sounds to their rate, by the arithmetic of the program, as browsers have one of
their own; texts are tokenised by ``@huggingface/tokenizers``. What a browser may still do otherwise
(decode, compute) is seen by the reader of the page: it holds examples that the program made and
answered (:mod:`.web_probes`), and says on opening whether the browser comes to the same.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from transfergui import __version__
from transfergui.core.base import i18n, paths
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import number, percent, percent_ends
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.paths import shown
from transfergui.core.data.targets import NUMBER, ONE_CLASS, SEVERAL_LABELS, SEVERAL_QUESTIONS
from transfergui.core.evaluation import data_checks
from transfergui.core.exporters import onnx, web_probes, web_texts
from transfergui.core.exporters.exporter import TOLERANCE, Example, Parity, UsageLine, usage_line

if TYPE_CHECKING:
    from torch import Tensor

    from transfergui.core.interfaces.objective import Objective
    from transfergui.core.trained import TrainedModel

MAX_BYTES = 250_000_000
"""Of a network: browsers hold the text of a page, which is a third longer, in a single string."""
FLAGGED = 0.7
"""Predictions of a lower confidence are marked, as in the program, where no promise was made."""
NAMED = 50
"""Classes that are listed by name."""
TOKENIZERS = ("BPE", "Unigram", "WordLevel", "WordPiece")
"""Kinds of tokenizers that the page knows."""
NOTICES = (
    "ONNX Runtime Web {runtime} © Microsoft Corporation, MIT licence",
    "@huggingface/tokenizers {tokenizers}, Apache License 2.0",
)
VERSIONS = {"runtime": "1.30.0", "tokenizers": "0.2.0"}
"""Of the npm packages in ``resources/web/runtime``."""
ACCEPTED = {"image": "image/*", "audio": "audio/*,.wav,.flac,.ogg,.opus,.mp3", "text": ".txt"}
"""The files that are offered to choose from."""
BLOCK = r'<script type="text/plain" id="{}">([A-Za-z0-9+/=]*)</script>'


class Html:
    """See the module."""

    key = "html"
    title = N_("Web page")
    summary = N_(
        "One file for people without TransferGUI: opens in any browser and predicts there, with "
        "nothing to install and no internet connection."
    )
    suffix = ".html"

    def obstacle(self, objective: Objective) -> UserError | None:
        return (
            UserError("export.no_page", reason=_("a page cannot show boxes"))
            if objective.places
            else None
        )

    def write(self, model: TrainedModel, path: Path) -> None:
        path.write_text(page(model), encoding="utf-8", errors="backslashreplace")

    def check(self, model: TrainedModel, path: Path, samples: list[Path]) -> Parity:
        """The network as it lies in the page, run by ONNX Runtime here: what the browser makes of
        it is checked by the page itself."""
        import onnxruntime
        import torch

        from transfergui.core.exporters.graph import compare

        network = block(path.read_text(encoding="utf-8"), "network")
        session = onnxruntime.InferenceSession(network, providers=["CPUExecutionProvider"])

        def answer(batch: Tensor) -> Tensor:
            return torch.from_numpy(session.run(["logits"], {"input": batch.numpy()})[0])

        return compare(model, answer, samples)

    def usage(self, example: Example) -> tuple[UsageLine, ...]:
        into = _("To predict ({classes}), open the file in a browser; no internet is needed")
        return (
            usage_line(into, shown(example.out), classes=example.some_classes),
            usage_line(
                _("To share the model, send or copy this one file"), shown(example.out.name)
            ),
        )


def page(model: TrainedModel) -> str:
    """The whole page.

    Raises:
        UserError: ``export.no_page``: a browser cannot do what this model needs.
    """
    import jinja2

    if model.objective.places:
        raise UserError("export.no_page", reason=_("a page cannot show boxes"))
    tokenizer = _tokenizer(model)
    network = onnx.to_proto(model).SerializeToString()
    if len(network) > MAX_BYTES:
        reason = _("the model has {size} MB, and a page can hold {limit} MB")
        limits = {"size": len(network) // 10**6, "limit": MAX_BYTES // 10**6}
        raise UserError("export.no_page", reason=reason.format(**limits))
    blocks = {
        "runtime": _packed(_resource("runtime", "ort.wasm.bundle.min.mjs")),
        "wasm": _text(_resource("runtime", "ort-wasm-simd-threaded.wasm.gz")),
        "network": _packed(network),
    }
    if tokenizer is not None:
        blocks["tokenizers"] = _packed(_resource("runtime", "tokenizers.min.mjs"))
        blocks["tokenizer"] = _packed(json.dumps(_for_browser(tokenizer)).encode())
    jinja = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=True)
    template = _resource("page.html").decode()
    return jinja.from_string(template).render(
        language=i18n.language().partition("_")[0],
        version=__version__,
        title=shown(model.name),
        needs_script=_(web_texts.TEXTS["needs_script"]),
        notices=" · ".join(NOTICES[: 1 if tokenizer is None else 2]).format(**VERSIONS),
        style=_resource("page.css").decode(),
        code=_code(model.modality.key),
        blocks=blocks,
        about=_as_json(_about(model, tokenizer)),
    )


def block(page: str, name: str) -> bytes:
    """What a block of a page holds.

    Raises:
        ValueError: there is none of this name, or it is damaged.
    """
    found = re.search(BLOCK.format(name), page)
    if found is None:
        raise ValueError(f"no block {name}")
    return gzip.decompress(base64.b64decode(found[1], validate=True))


def _resource(*parts: str) -> bytes:
    return paths.resource("web", *parts).read_bytes()


def _packed(content: bytes) -> str:
    return _text(gzip.compress(content, mtime=0))


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _code(modality: str) -> str:
    """The page's own JavaScript; the reader is a class that the rest uses."""
    return "\n".join(_resource(name).decode() for name in (f"{modality}.js", "page.js"))


def _as_json(tree: object) -> str:
    """ASCII JSON that does not end the element that it stands in."""
    return json.dumps(tree).replace("<", "\\u003c")


# -- texts


def _tokenizer(model: TrainedModel) -> dict[str, Any] | None:
    """The tree of the ``tokenizer.json``; None where the model takes no texts.

    Raises:
        UserError: ``export.no_page``.
    """
    if model.modality.key != "text":
        return None
    tree: dict[str, Any] = json.loads(model.assets["tokenizer.json"])
    kind = str(tree["model"].get("type"))
    if kind not in TOKENIZERS:
        reason = _("browsers have no tokenizer of the kind {kind}")
        raise UserError("export.no_page", reason=reason.format(kind=kind))
    return tree


def _for_browser(tree: Mapping[str, Any]) -> dict[str, Any]:
    """Without cutting and filling up, which the page does; whole words as pieces of words of which
    none goes on, as the library has no other kind."""
    own = dict(tree["model"])
    if own["type"] == "WordLevel":
        own |= {
            "type": "WordPiece",
            "continuing_subword_prefix": "\ue000",
            "max_input_chars_per_word": 10**6,
        }
    return {**tree, "model": own, "truncation": None, "padding": None}


# -- what the page knows


def _about(model: TrainedModel, tokenizer: Mapping[str, Any] | None) -> dict[str, Any]:
    """The data of the page, read by ``page.js``."""
    card, found = model.card, model.found
    predicted = model.objective.exports(found)
    labels = model.objective.key == SEVERAL_LABELS  # whose decisions follow from these
    outputs = list(predicted)[:1] if labels else list(predicted)
    tree = {
        "modality": model.modality.key,
        "objective": model.objective.key,
        "language": i18n.language(),
        "texts": web_texts.of(model.modality.key),
        "values": {},
        "accept": ACCEPTED[model.modality.key],
        "outputs": outputs,
        "columns": [column for name in outputs for column in predicted[name]],
        "unlike": model.unlikeness is not None,
        "withholds": card.promise is not None,
        "below": FLAGGED if card.promise is None else card.promise.below,
        "card": {
            "classes": card.classes,
            "targets": msgspec.to_builtins(card.targets),
            "fitted": card.fitted,
            "input": card.input,
        },
        "doubted": bool(model.run is not None and data_checks.doubts_of(model.run).sentences),
        "described": list(_described(model)),
        "probes": web_probes.answered(model),
        "tolerance": TOLERANCE,
    }
    if tokenizer is not None:
        from transfergui.core.modalities.text.tokens import CLEANING

        tree |= {"pad": (tokenizer.get("padding") or {}).get("pad_id", 0), "cleaning": CLEANING}
    return tree


def _described(model: TrainedModel) -> Iterator[dict[str, Any]]:
    """The rows of “About this model”: keys of texts, and what is filled in, the same in every
    language or by language."""
    yield _predicted(model)
    text, values = _tested(model)
    yield _row("tested", text, **values)
    promise = model.card.promise
    if promise is not None:
        yield _row("confidence", "promise", share=percent(promise.at_most_wrong, 0))
    elif model.objective.confident:
        yield _row("confidence", "flagged", share=percent(FLAGGED, 0))
    yield _row("unknown_inputs", "no_strangers" if model.unlikeness is None else "strangers")
    yield _row("backbone", "{title}", title=web_texts.in_each_language(model.backbone.title))


def _row(term: str, text: str, /, **values: object) -> dict[str, Any]:
    return {"term": term, "text": text, "values": values}


def _predicted(model: TrainedModel) -> dict[str, Any]:
    key, targets = model.objective.key, model.card.targets
    kinds = {SEVERAL_LABELS: "labels", SEVERAL_QUESTIONS: "questions", NUMBER: "value"}
    names = model.card.classes if key == ONE_CLASS else targets.names
    listed = ", ".join(map(shown, names[:NAMED])) + (", …" if len(names) > NAMED else "")
    if targets.unit:
        listed += f" ({shown(targets.unit)})"
    return _row("predicts", kinds.get(key, "classes"), count=len(names), names=listed)


def _tested(model: TrainedModel) -> tuple[str, dict[str, Any]]:
    """The text of what was measured, and its values."""
    metrics = model.card.metrics
    measured = MEASURED.get(model.objective.key, _accuracy)(metrics) if metrics.get("n") else None
    if measured is None:
        return "not_tested", {}
    text, values = measured
    return text, {"count": metrics["n"], **values}


Measured: TypeAlias = tuple[str, dict[str, Any]] | None


def _accuracy(metrics: Mapping[str, Any]) -> Measured:
    if metrics.get("accuracy") is None:
        return None
    values = {"percent": percent(metrics["accuracy"])}
    if metrics.get("measured_on") == "val":
        return "validated", values
    if not metrics.get("interval"):
        return "tested_one_class", values
    low, high = percent_ends(metrics["interval"]["low"], metrics["interval"]["high"])
    return "tested_one_class_interval", values | {"low": low, "high": high}


def _precision(metrics: Mapping[str, Any]) -> Measured:
    found = metrics.get("mean_average_precision")
    return None if found is None else ("tested_labels", {"percent": percent(found)})


def _error(metrics: Mapping[str, Any]) -> Measured:
    found = metrics.get("mean_absolute_error")
    text = "" if found is None else f"{number(found)} {metrics.get('unit', '')}".strip()
    return ("tested_number", {"error": text}) if text else None


def _questions(metrics: Mapping[str, Any]) -> Measured:
    questions = metrics.get("questions", {}).items()
    each = (f"{shown(name)} {percent(own.get('accuracy'))}" for name, own in questions)
    return "tested_questions", {"figures": ", ".join(each)}


MEASURED = {SEVERAL_LABELS: _precision, NUMBER: _error, SEVERAL_QUESTIONS: _questions}
