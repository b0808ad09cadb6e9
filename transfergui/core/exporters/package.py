"""The model package: one zip with everything, to keep, to pass on and to use elsewhere.

``model.safetensors`` the weights, ``model.onnx`` the network, ``model.json`` the card
(with the SHA-256 of the others), ``README.md`` the model card (Mitchell et al., "Model Cards
for Model Reporting", 2019), ``predict.py`` for use without this program, ``assets/`` what both
need beside the options to prepare samples.
"""

from __future__ import annotations

import hashlib
import importlib.util
import time
import zipfile
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import msgspec

from transfergui.core.base import files
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.paths import shown
from transfergui.core.exporters import model_card, onnx, script
from transfergui.core.exporters.exporter import Example, Parity, UsageLine, in_terminal, usage_line
from transfergui.core.interfaces.objective import LOGITS
from transfergui.core.runs import doubts
from transfergui.core.runs.packages import CARD, NETWORK, WEIGHTS

if TYPE_CHECKING:
    from transfergui.core.interfaces.objective import Objective
    from transfergui.core.trained import TrainedModel

README, SCRIPT = "README.md", "predict.py"


class Package:
    """See the module."""

    key = "package"
    title = N_("Model package")
    summary = N_(
        "Everything in one zip: the model, its model card and results, and a small program that "
        "predicts with it. The best choice for keeping and sharing."
    )
    suffix = ".zip"

    def obstacle(self, objective: Objective) -> None:
        """It can hold all."""

    def write(self, model: TrainedModel, path: Path) -> None:
        members = _members(model)
        hashes = {name: hashlib.sha256(data).hexdigest() for name, data in members.items()}
        card = msgspec.structs.replace(model.card, sha256=hashes)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as package:
            for name, data in {CARD: card.to_json().encode(), **members}.items():
                package.writestr(zipfile.ZipInfo(name, _now()), data)

    def check(self, model: TrainedModel, path: Path, samples: list[Path]) -> Parity:
        """The weights by this program, and the network by ``predict.py``: the worse of both."""
        from transfergui.core.exporters.graph import compare

        parity = compare(model, type(model).load(path).logits, samples)
        if not onnx.fits(model):
            return parity
        own, answers = _check_script(model, path, samples)
        return max(parity, own, key=lambda p: p.difference) if answers.same else answers

    def usage(self, example: Example) -> tuple[UsageLine, ...]:
        folder = example.out.with_suffix("")
        unpack = in_terminal("python", "-m", "zipfile", "-e", example.out, folder)
        return (
            example.predict,
            usage_line(_("To use the model without TransferGUI, unpack the package"), unpack),
            *self._without_this_program(example, folder),
        )

    def _without_this_program(self, example: Example, folder: Path) -> list[UsageLine]:
        if not _holds_script(example.out):
            weights = f"safetensors.torch.load_file({shown(folder / WEIGHTS)!r})"
            into = _("Then, in Python (the model is too large for predict.py)")
            return [usage_line(into, weights)]
        command = in_terminal("python", folder / SCRIPT, example.sample)
        needed = script.installation(example.modality)
        lines = [
            usage_line(_("Install what predict.py needs, once"), needed),
            usage_line(_("Then predict files with it"), command),
        ]
        if example.places:
            drawing = in_terminal(
                "python", folder / SCRIPT, "--draw", "drawn", "--json", "boxes.json", example.sample
            )
            into = _("To draw the boxes into copies of the pictures, and list them in pixels")
            lines.append(usage_line(into, drawing))
        return lines


def _holds_script(package: Path) -> bool:
    """Whether it does; so it is said of one that is gone already, too."""
    if not zipfile.is_zipfile(package):
        return True
    with zipfile.ZipFile(package) as opened:
        return SCRIPT in opened.namelist()


def _now() -> tuple[int, int, int, int, int, int]:
    """The time for a zip, which knows the years from 1980 to 2107: clocks may show others."""
    now = time.localtime()
    year = min(max(now.tm_year, 1980), 2107)
    return year, now.tm_mon, now.tm_mday, now.tm_hour, now.tm_min, now.tm_sec


def _members(model: TrainedModel) -> dict[str, bytes]:
    """The content of every file but the card; networks too large for ONNX go without it."""
    from transfergui.core.nn import state_dicts

    members = {
        WEIGHTS: state_dicts.to_safetensors(model.module.state_dict()),
        README: model_card.render(model).encode("utf-8", "backslashreplace"),
    }
    if model.doubts is not None:
        members[doubts.FILE] = model.doubts.to_bytes()
    members |= {f"assets/{name}": data for name, data in model.assets.items()}
    if onnx.fits(model):
        members[NETWORK] = onnx.to_proto(model).SerializeToString()
        members[SCRIPT] = script.of(model.modality.key, model.objective.key).encode()
    return members


def _check_script(model: TrainedModel, path: Path, samples: list[Path]) -> tuple[Parity, Parity]:
    """Let the package's own ``predict.py`` answer the very files, its preparation included: its
    logits, and what it makes of them."""
    import numpy as np
    import torch

    from transfergui.core.exporters.graph import compared, said_apart
    from transfergui.core.training import inference

    with files.temporary_folder() as folder, zipfile.ZipFile(path) as package:
        package.extractall(folder, [n for n in package.namelist() if n not in (WEIGHTS, README)])
        answering = _import(folder / SCRIPT).Model(folder)
        found = np.concatenate([answering.run(sample, LOGITS) for sample in samples])
        answers = np.concatenate([answering.run(sample) for sample in samples])
        wanted = inference.outputs(model.logits, (model.read(sample)[None] for sample in samples))
    own = compared(model, wanted, torch.from_numpy(found))
    return own, said_apart(model, model.answers(wanted), answers)


def _import(script: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("transfergui_package_predict", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
