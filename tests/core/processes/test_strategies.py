"""Every strategy is trained by two processes, or refused before anything starts."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests import tiny_networks
from tests.core.made_plans import planned
from tests.core.processes.together import together
from tests.core.training.comparing import TAUGHT
from tests.core.training.conftest import BACKBONE, Lab
from transfergui.core import registry, requirements
from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.plan import Strategy
from transfergui.core.processes import launch
from transfergui.core.processes.joined import Joined
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.training import start

OWN: dict[str, dict[str, Any]] = {
    "distillation": TAUGHT,
    "fusion": {"options": {"partners": ["vit_b_32"]}},
    "lora": {"backbone": "vit_b_32", "options": {"rank": 2}},
    "from_scratch": {"augment": {"mixup": 0.4}},
}


@pytest.fixture
def tiny(lab: Lab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, small_weights: Path) -> Lab:
    """A lab whose networks are small ones."""
    lab.weights = shutil.copytree(small_weights, tmp_path / "tiny")
    tiny_networks.put_in_place(monkeypatch, lab.weights)
    return lab


LIKE_FINE_TUNING = ("head_first", "progressive_unfreezing", "norm_and_bias", "starting_point")


@pytest.mark.parametrize(
    "strategy",
    [
        pytest.param(s, id=s.key, marks=[pytest.mark.slow] if s.key in LIKE_FINE_TUNING else [])
        for s in registry.STRATEGIES
    ],
)
def test_two_processes_train_it_or_it_is_refused(
    tiny: Lab, tmp_path: Path, strategy: Strategy
) -> None:
    if requirements.searches(strategy):
        pytest.skip("each process trains models of its own: test_helpers")
    if requirements.indivisible(strategy):
        modality = next(iter(strategy.modalities), "image")
        with pytest.raises(UserError) as caught:
            planned(strategy=strategy.key, modality=modality, run__processes=2)
        assert caught.value.code == "processes.strategy"
        return
    # threads, in the place of processes, would draw dropout from one generator
    settings = {"strategy": strategy.key, "run__epochs": 1, "head__dropout": 0.0}
    settings |= OWN.get(strategy.key, {})
    made = tiny.plan(run__processes=2, **settings)
    runs = [tiny.run(made), tiny.run(made)]

    def train(group: Joined) -> list[ev.Event]:
        return list(start.share(made, Run(runs[group.rank].path), group))

    one, other = together(tmp_path, train)
    assert isinstance(one[-1], ev.Finished) and one[-1].outcome == "done"
    assert runs[0].report()["n"] == len(made.split.test)
    losses = [
        [(each.train_loss, each.val_loss) for each in events if isinstance(each, ev.EpochEnded)]
        for events in (one, other)
    ]
    assert losses[0] == losses[1]
    assert [run.best.exists() for run in runs] == [True, False]  # one writes


def test_what_looks_at_other_data_is_refused_with_them_only() -> None:
    teacher = {"strategy": "distillation", "options": {"teacher": BACKBONE}}
    planned(run__processes=2, **teacher)
    with pytest.raises(UserError) as caught:
        planned(run__processes=2, companions__unlabelled="/elsewhere", **teacher)
    assert caught.value.code == "processes.strategy"


def test_more_processes_than_samples_of_a_batch_are_refused() -> None:
    with pytest.raises(UserError) as caught:
        planned(run__processes=3, strategy="fine_tuning", optim__batch_size=2)
    assert caught.value.code == "processes.batch"
    planned(run__processes=3, strategy="fine_tuning", optim__batch_size=2, optim__accumulate=2)


def test_of_a_computer_without_graphics_cards_auto_means_one() -> None:
    assert launch.processes(planned(run__processes=0, run__device="cpu")) == 1
    assert launch.processes(planned(strategy="auto", run__processes=0, run__device="cpu")) == 1
