"""Networks for texts of every kind leave with what cuts texts into their tokens."""

import functools
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.core.exporters.conftest import train_tiny
from tests.core.modalities.text.conftest import make_network
from transfergui.core.base.errors import UserError
from transfergui.core.exporters.export import export
from transfergui.core.exporters.exporter import Parity
from transfergui.core.trained import TrainedModel

NETWORKS = ("tfidf", "word_vectors_lstm", "tiny-bert")
"""The last one is a folder."""


@pytest.fixture(scope="module", params=NETWORKS)
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> TrainedModel:
    folder = tmp_path_factory.mktemp(request.param)
    own = request.param == "tiny-bert"
    backbone = str(make_network(folder / request.param)) if own else request.param
    run = train_tiny("text", folder, backbone=backbone, strategy="feature_extraction")
    return TrainedModel.load(run.path)


Exported = Callable[[str], tuple[Path, Parity]]


@pytest.fixture(scope="module")
def exported(
    model: TrainedModel,
    export_run: Callable[[Path, str, Path], Parity],
    tmp_path_factory: pytest.TempPathFactory,
) -> Exported:
    """The model in a format, and what the check of the file said; made once for each."""
    folder = tmp_path_factory.mktemp("exported")
    assert model.run is not None
    run = model.run.path

    @functools.cache
    def make(format: str) -> tuple[Path, Parity]:
        out = folder / format
        return out, export_run(run, format, out)

    return make


@pytest.mark.parametrize("format", ["package", "onnx", "pt2"])
def test_they_answer_alike_from_the_raw_text_on(
    format: str, model: TrainedModel, exported: Exported, tmp_path: Path
) -> None:
    out, parity = exported(format)
    assert parity.agree == 1
    assert parity.difference < 1e-4 * max(1, parity.scale)
    if format != "pt2":
        other = TrainedModel.load(out)
        assert other.assets == model.assets
        assert "tokenizer.json" in other.assets
        text = tmp_path / "new.txt"
        text.write_text("It was <b>lovely</b> & warm \u2013 \u4e0d\u9519!\n" * 40, "utf-8")
        mine, theirs = (next(each.predict([text])) for each in (model, other))
        assert mine.probabilities == pytest.approx(theirs.probabilities, abs=1e-5)


def test_the_backbone_alone_or_why_not(model: TrainedModel, tmp_path: Path) -> None:
    out = tmp_path / "backbone.safetensors"
    why_not = {"tfidf": "export.no_network", "tiny_bert": "export.unlisted"}
    if code := why_not.get(model.card.backbone):
        with pytest.raises(UserError) as caught:
            export(model, "backbone", out)
        assert caught.value.code == code
        assert not out.exists()
    else:
        assert export(model, "backbone", out).same


def test_a_package_tells_nothing_of_where_the_network_was(
    exported: Exported, tmp_path: Path
) -> None:
    with zipfile.ZipFile(exported("package")[0]) as package:
        row = json.loads(package.read("assets/backbone.json"))
        everything = b"".join(package.read(name) for name in package.namelist())
    assert not str(row["weights_url"]).startswith("file:")
    assert b"site-packages" not in everything
    assert str(tmp_path.parent).encode() not in everything
