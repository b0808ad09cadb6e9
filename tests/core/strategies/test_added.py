"""What one touches to add a strategy: a file and a line, also for one that names other networks."""

from pathlib import Path
from typing import Annotated

import pytest

from tests.core.made_plans import planned, split
from tests.core.made_runs import make_run
from transfergui.cli import settings
from transfergui.core import plans, registry
from transfergui.core.base.options import Options, option
from transfergui.core.interfaces.phase import Phase, PhaseSettings
from transfergui.core.interfaces.plan import Strategy
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve


class MentoredOptions(Options, frozen=True):
    mentor: Annotated[str, option("Mentor", "Whom to learn from.", chooser="network")] = "auto"


def phases(asked: PhaseSettings) -> tuple[Phase, ...]:
    assert isinstance(asked.options, MentoredOptions)
    mentor = asked.named(asked.options.mentor)
    return (Phase(name="Learn", epochs=asked.epochs, groups=1, lr=asked.lr, teacher=mentor),)


MENTORED = Strategy(
    key="mentored",
    title="Mentored",
    summary="Learns from a mentor.",
    options=MentoredOptions,
    cost=2,
    preset="None",
    epochs=7,
    lr=0.01,
    phases=phases,
)


@pytest.fixture(autouse=True)
def added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "STRATEGIES", (*registry.STRATEGIES, MENTORED))


def test_its_defaults_are_values_of_the_recipe() -> None:
    plan = planned(strategy="mentored", backbone="resnet18", options={"mentor": "tgnet"})
    assert (plan.recipe.run.epochs, plan.recipe.optim.lr) == (7, 0.01)
    assert [source.backbone.key for source in plans.sources(plan)] == ["resnet18", "tgnet"]


def test_typing_what_automatic_says_changes_nothing() -> None:
    automatic = planned(strategy="mentored").automatic
    typed = Recipe().replace(
        strategy="mentored", run__epochs=automatic["run.epochs"], optim__lr=automatic["optim.lr"]
    )
    assert resolve(typed, split(3, 3)).phases == planned(strategy="mentored").phases


def test_the_run_that_it_names_is_known_and_found_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(tmp_path / "run", ("ant", "bee"))
    plan = planned(strategy="mentored", backbone="resnet18", options={"mentor": str(run.path)})
    assert plans.leaked(plan) == run.split.learnt_from()
    assert registry.named_in(plan.recipe.options) == (str(run.path),)
    monkeypatch.chdir(tmp_path)
    assert settings._findable("options.mentor", "run") == str(run.path)
    assert settings._findable("optim.mentor", "run") == "run"
