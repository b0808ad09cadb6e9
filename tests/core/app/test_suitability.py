"""What is compared with the data at hand, and what is said of what cannot be."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.conftest import TINY
from tests.core.app.test_companions import OTHER_SEED, planned
from tests.core.made_companions import companion
from transfergui.core import plans
from transfergui.core.app import suitability
from transfergui.core.app.companions import joined
from transfergui.core.app.suitability import Candidate, Suitability
from transfergui.core.interfaces.plan import Plan
from transfergui.core.runs import seen_data
from transfergui.core.runs.run import Run
from transfergui.core.training import ranking


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return TINY["image"](tmp_path_factory.mktemp("own"), per_class=20)


def plan(data: Path) -> Plan:
    return planned(data, strategy="feature_extraction", companions__target=None, backbone="tgnet")


def only(made: Plan, *wanted: Candidate) -> Suitability:
    (found,) = suitability.compare(made, wanted)
    return found


def test_data_are_compared_on_training_samples_alone(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = plan(own)
    other = TINY["image"](tmp_path / "other", per_class=20, seed=OTHER_SEED)
    made = joined(made, [companion(made.split, "target", made.split.train[:4])])
    looked: set[Path] = set()
    load = made.modality.load

    def noted(path: Path, input: object) -> torch.Tensor:
        looked.add(Path(path))
        return load(path, input)  # type: ignore[arg-type]

    monkeypatch.setattr(made.modality, "load", noted)
    wanted = [*suitability.named(made, [str(other), "tgnet"]), suitability.candidates(made)[0]]
    assert [each.kind for each in wanted] == ["data", "backbone", "companion"]
    nearest = suitability.ordered(suitability.compare(made, wanted))
    assert [each.candidate.kind for each in nearest] == ["companion", "data", "backbone"]
    words = [each.closeness and each.closeness.word for each in nearest]
    assert words[0] == "same"
    assert nearest[1].under == "TGNet"
    labels = [each.labels is not None for each in nearest]
    assert labels == [False, True, False]  # those of unlabelled data are not looked at
    assert words[1] in ("alike", "somewhat", "unclear")  # other pictures of the same make
    network = nearest[2].network
    assert network is not None and network.accuracy and network.hscore and network.logme
    assert nearest[2].not_compared is not None
    own_root = Path(made.split.root)
    training = {own_root / sample.path for sample in made.split.train}
    assert {path for path in looked if path.is_relative_to(own_root)} <= training


def test_what_cannot_be_compared_says_why(own: Path, tmp_path: Path) -> None:
    few = TINY["image"](tmp_path / "few", per_class=4, seed=OTHER_SEED)
    (tmp_path / "none").mkdir()
    names = [str(few), f"{few}/", str(tmp_path / "none"), str(tmp_path / "gone"), "vgg16"]
    made = plan(own)
    found = list(suitability.compare(made, suitability.named(made, names)))
    codes = [each.not_compared.code for each in found if each.not_compared]
    assert codes[:3] == ["suit.too_few", "companion.empty", "suit.missing"]
    assert found[3].network is not None
    assert found[3].network.skipped.code == "rank.not_here"


def test_a_run_whose_data_are_gone_is_compared_by_what_is_cached(
    trained_run: Run, own: Path, tmp_path: Path
) -> None:
    made, data = plan(own), tmp_path / "data"
    TINY["image"](data, per_class=20, seed=OTHER_SEED)
    folder = tmp_path / "run"
    shutil.copytree(trained_run.path, folder)
    run = Run(folder)
    theirs = plan(data)
    theirs.split.save(folder / "split.json")
    here = only(made, Candidate("run", str(folder)))
    assert here.closeness is not None and here.network is not None
    assert here.network.score is not None
    seen_data.keep(run, _digests(theirs))
    copies = plan(shutil.copytree(data, tmp_path / "copies"))
    learnt = only(copies, Candidate("run", str(folder))).network
    assert learnt is not None and learnt.skipped.code == "suit.learnt"
    shutil.rmtree(data)
    cached = only(made, Candidate("run", str(folder)))
    assert cached.closeness is not None
    assert cached.closeness.energy == pytest.approx(here.closeness.energy, abs=0.05)
    (folder / seen_data.FILE).unlink()
    gone = only(made, Candidate("run", str(folder)))
    assert gone.not_compared is not None and gone.not_compared.code == "data.gone"


def _digests(made: Plan) -> dict[str, str]:
    return plans.digests(made, Path(made.split.root), made.split.train)


def test_a_run_on_these_data_has_no_score(trained_run: Run) -> None:
    recipe = trained_run.recipe
    made = plan(Path(recipe.data.path))
    found = only(made, Candidate("run", str(trained_run.path)))
    assert found.closeness is not None and found.closeness.word == "same"
    assert found.network is not None
    unchanged = trained_run.report().get("frozen")
    assert unchanged or found.network.skipped.code == "suit.learnt"


def test_cached_features_are_found_by_the_beginning_of_their_digest(own: Path) -> None:
    made = plan(own)
    features, _labels = ranking.features_of(made, made.split.train)
    kept = ranking.kept_features(made, list(_digests(made).values()))
    assert np.allclose(np.sort(kept.sum(1)), np.sort(features.sum(1)))
