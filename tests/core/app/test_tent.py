"""A copy of a model is adapted to the files at hand; what speaks against it is said."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
import torch

from transfergui.core.app import tent
from transfergui.core.base.errors import UserError
from transfergui.core.data.split import absolute
from transfergui.core.evaluation import prediction_table as answers
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.runs.doubts import Promise
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel

PROMISE = Promise(at_most_wrong=0.1, below=0.99, examples=60, answered=40, wrong=0)


def files_of(run: Run) -> list[Path]:
    return [Path(absolute(run.split.root, sample.path)) for sample in run.split.train]


def test_the_model_itself_stays_as_it_is(trained_run: Run) -> None:
    model = TrainedModel.load(trained_run.path)
    files = files_of(trained_run)
    before = {name: tensor.clone() for name, tensor in model.module.state_dict().items()}
    first, again = (tent.adapted(model, files) for _time in range(2))
    assert all(torch.equal(t, before[name]) for name, t in model.module.state_dict().items())
    one, two = (found.model.logits(torch.stack([model.read(files[0])])) for found in (first, again))
    torch.testing.assert_close(one, two)
    assert not torch.equal(one, model.logits(torch.stack([model.read(files[0])])))
    codes = [note.code for note in first.notes]
    assert codes[:2] == ["tent.used", "tent.few"]
    assert all(note.sentence() for note in first.notes)
    assert first.model.promise is None
    assert all(each.unlike is None for each in first.model.predict(files[:2]))


def test_too_few_files_and_models_without_norms_are_refused(trained_run: Run) -> None:
    model = TrainedModel.load(trained_run.path)
    with pytest.raises(UserError) as caught:
        tent.adapted(model, [*files_of(trained_run)[:4], Path("gone.png")])
    assert caught.value.code == "tent.too_few"
    found = tent.tried(model, [])
    assert (found.model, found.how) == (model, "")
    assert [note.code for note in found.notes] == ["tent.not_used"]
    bare = SimpleNamespace(encoder=torch.nn.Linear(2, 2))
    objective = SimpleNamespace(balances=True)
    without = SimpleNamespace(module=bare, objective=objective, backbone=model.backbone)
    with pytest.raises(UserError) as caught:
        tent.adapted(cast(Any, without), [])
    assert caught.value.code == "tent.no_norms"


def test_classes_that_are_predicted_no_more_are_named() -> None:
    modality = SimpleNamespace(many="pictures")
    model = cast(Any, SimpleNamespace(modality=modality, promise=PROMISE, classes=("cat", "dog")))
    before = np.repeat([[0.9, 0.1], [0.2, 0.8]], 60, 0)
    after = np.repeat([[0.9, 0.1]], 120, 0)
    notes = tent._notes(model, before, after)
    assert [n.code for n in notes] == [
        "tent.used",
        "tent.no_promise",
        "tent.lost",
        "tent.one_class",
    ]
    assert "“dog” 50 % → 0 %" in notes[2].sentence()
    assert notes[0].values["changed"] == 60


def test_classes_whose_share_moved_strongly_are_named() -> None:
    modality = SimpleNamespace(many="pictures")
    names = ("hat", "dress", "skirt")
    model = cast(Any, SimpleNamespace(modality=modality, promise=None, classes=names))
    before = np.eye(3)[[0] * 7 + [1] * 16 + [2] * 22]
    after = np.eye(3)[[0] * 7 + [0] * 15 + [1] * 1 + [2] * 14 + [0] * 8]
    (moved,) = [n for n in tent._notes(model, before, after) if n.code == "tent.moved"]
    assert "“hat” 16 % → 67 %" in moved.sentence() and "“dress” 36 % → 2 %" in moved.sentence()
    assert "skirt" not in moved.sentence()
    few = np.eye(3)[[0] * 7 + [0] * 2 + [1] * 14 + [2] * 17 + [0] * 5]  # doubled, from 7 to 14
    assert [n.code for n in tent._notes(model, before, few)][-1] == "tent.moved"
    chance = np.eye(3)[[0] * 3 + [1] * 4 + [1] * 16 + [2] * 22]  # 7 to 3: as likely by chance
    assert [n.code for n in tent._notes(model, before, chance)] == ["tent.used", "tent.few"]


def test_saved_predictions_say_so(trained_run: Run) -> None:
    model = TrainedModel.load(trained_run.path)
    plain = Prediction(Path("a.png"), np.array([0.9, 0.1, 0]))
    adapted = Prediction(Path("b.png"), np.array([0.9, 0.1, 0]), adapted=tent.KEY)
    heading, first, second = answers.rows(answers.of(model, [plain, adapted]))
    assert (heading[-1], first[-1], second[-1]) == (answers.ADAPTED, "", "tent")
    assert answers.ADAPTED not in next(answers.rows(answers.of(model, [plain])))
    assert plain.judged(PROMISE).withheld
    assert not adapted.judged(PROMISE).withheld
