"""Every strategy, with every kind of network that it says it works with, in every modality.

Every strategy meets one kind of each modality, in turn, so that every kind is trained by several
strategies; all pairs with ``-m slow``. One epoch through the real engine on a tiny collection; then
the run is loaded and answers. A new strategy is covered once it is registered; what it must be told
is a row of :data:`TOLD`.
"""

import contextlib
import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from tests import tiny_networks
from tests.conftest import TINY, WORDS
from tests.core.made_companions import companion, with_others
from tests.core.modalities.text.conftest import make_network
from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.data import split
from transfergui.core.data.companions import ROLES
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.interfaces.plan import Plan, Strategy
from transfergui.core.modalities.text import backbones as text_backbones
from transfergui.core.modalities.text import tokens, word_vectors
from transfergui.core.networks.choice import AUTO, built_in
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel
from transfergui.core.training import candidates, start


@dataclass(frozen=True)
class Kind:
    """Networks that are built alike; ``network`` stands for them all."""

    modality: str
    network: str

    def __str__(self) -> str:
        return f"{self.modality}-{self.network}"


A_FOLDER, A_RUN = "a_folder", "a_run"
KINDS = (
    Kind("image", "tgnet"),  # convolutions and BatchNorm
    Kind("image", "squeezenet1_1"),  # without norms
    Kind("image", "vit_b_32"),
    Kind("image", "swin_t"),
    Kind("image", A_RUN),
    Kind("audio", "tgnet"),  # sees spectrograms
    Kind("audio", "wav2vec2_base"),  # hears waveforms
    Kind("audio", A_RUN),
    Kind("text", "word_vectors"),
    Kind("text", "word_vectors_lstm"),  # a part of it is new
    Kind("text", "tfidf"),  # without parameters
    Kind("text", A_FOLDER),  # a BERT
    Kind("text", A_RUN),
)
FIRST = tuple({kind.modality: kind for kind in reversed(KINDS)}.values())
"""One of each modality: for what trains in the ways of the other strategies."""
SMALL: dict[str, dict[str, Any]] = {
    "image": {"size": tiny_networks.SIZE, "resize": tiny_networks.SIZE},
    "audio": {"size": tiny_networks.SIZE},
    "text": {},
}
"""Input options that make it quick."""


class Workshop:
    """Data, weights and runs to begin with, made once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.weights = folder / "weights"
        self.weights.mkdir()
        self.count = 0
        self.data = {key: make(folder / key) for key, make in TINY.items()}
        self.networks = {A_FOLDER: str(make_network(folder / "tiny-bert"))}
        self.runs: dict[tuple[Kind, int], str] = {}
        self.backbones: dict[Kind, Backbone] = {}

    def named(self, kind: Kind) -> str:
        """As a recipe names it."""
        if kind.network == A_RUN:
            network = built_in(registry.modality(kind.modality)).key
            return self.run_of(Kind(kind.modality, network))
        return self.networks.get(kind.network, kind.network)

    def run_of(self, kind: Kind, seed: int = 0) -> str:
        """A finished run with such a network."""
        if (kind, seed) not in self.runs:
            run, _events = self.train(kind, "feature_extraction", run__seed=seed)
            self.runs[kind, seed] = str(run.path)
        return self.runs[kind, seed]

    def backbone(self, kind: Kind) -> Backbone:
        """As a plan with such a network has it."""
        if kind not in self.backbones:
            self.backbones[kind] = self.plan(kind, "feature_extraction").backbone
        return self.backbones[kind]

    def plan(self, kind: Kind, strategy: str, **settings: Any) -> Plan:
        hears = kind.network in tiny_networks.HEARING
        row = registry.strategy(strategy)
        adapts = row.procedure == "adapt" and not _obstacle(self, row, kind)
        recipe = Recipe().replace(
            modality=kind.modality,
            data__path=str(self.data[kind.modality]),
            weights_dir=str(self.weights),
            backbone=self.run_of(kind) if adapts and kind.network != A_RUN else self.named(kind),
            strategy=strategy,
            input={} if hears else SMALL[kind.modality],
            optim__batch_size=8,
            run__epochs=1,
            **settings,
        )
        dataset = registry.modality(kind.modality).scan(recipe.data)
        return resolve(*with_others(recipe, split.split(dataset, recipe.split, 0)))

    def train(self, kind: Kind, strategy: str, **settings: Any) -> tuple[Run, list[ev.Event]]:
        plan = self.plan(kind, strategy, **settings)
        self.count += 1
        run = Run.create(plan.recipe, plan.split, self.folder / f"run{self.count}")
        return run, list(start.train(plan, run))


TOLD: dict[str, Callable[[Workshop, Kind], dict[str, Any]]] = {
    AUTO: lambda shop, kind: {"minutes": 0.1},
    "distillation": lambda shop, kind: {"teacher": shop.run_of(kind)},
    "fusion": lambda shop, kind: {"partners": [shop.run_of(kind)]},
    "simsiam": lambda shop, kind: {"first_epochs": 1},
    "autoencoder": lambda shop, kind: {"first_epochs": 1},
    "masked_tokens": lambda shop, kind: {"first_epochs": 1},
    "soup": lambda shop, kind: {"runs": [shop.run_of(kind), shop.run_of(kind, seed=1)]},
}
"""Options without which a strategy would want a download, or take long."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    folder = tmp_path_factory.mktemp("contract")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRANSFERGUI_HOME", str(folder / "home"))
        shop = Workshop(folder)
        before = {key: _listed(path) for key, path in shop.data.items()}
        tiny_networks.put_in_place(patch, shop.weights)
        _random_weights("squeezenet1_1", shop.weights)
        _few_vectors(shop.weights / "word_vectors")
        patch.setattr(candidates, "MOVING", ())  # the others are tested here by themselves
        yield shop
        # other data lie there, too: nothing is written beside them
        assert {key: _listed(path) for key, path in shop.data.items()} == before


def _listed(folder: Path) -> list[tuple[str, int]]:
    return sorted((str(path), path.stat().st_mtime_ns) for path in folder.rglob("*"))


def _random_weights(key: str, folder: Path) -> None:
    from torchvision.models import get_model

    torch.save(get_model(key).state_dict(), folder / f"{key}.pth")


def _few_vectors(folder: Path) -> None:
    """In the place of those built in, whose checkpoints take a second each."""
    words = sorted({"it", "was", "the", "and", "were", *(w for line in WORDS for w in line)})
    _tokens, width = text_backbones.VECTORS
    table = np.random.default_rng(0).normal(size=(len(words) + 2, width)).astype(np.float32)
    word_vectors.save(folder, tokens.word_level(words, characters=False), table)


def _in_turn(number: int) -> Iterator[Kind]:
    """One kind of each modality for the strategy of this number.

    That of sounds is one further, so that it is not the one that pictures have.
    """
    for modality in SMALL:
        kinds = [kind for kind in KINDS if kind.modality == modality]
        yield kinds[(number + (modality == "audio")) % len(kinds)]


def _cases() -> Iterator[Any]:
    for number, strategy in enumerate(registry.STRATEGIES):
        in_turn = FIRST if strategy.key == AUTO else tuple(_in_turn(number))
        for kind in FIRST if strategy.key == AUTO else KINDS:
            marks = () if kind in in_turn else pytest.mark.slow
            yield pytest.param(strategy, kind, id=f"{strategy.key}-{kind}", marks=marks)


@pytest.mark.parametrize(("strategy", "kind"), list(_cases()))
def test_it_trains_or_says_why_not(shop: Workshop, strategy: Strategy, kind: Kind) -> None:
    options = TOLD[strategy.key](shop, kind) if strategy.key in TOLD else {}
    if _obstacle(shop, strategy, kind):
        _assert_refused(shop, strategy, kind)
        return
    run, events = shop.train(kind, strategy.key, options=options)
    last = events[-1]
    assert isinstance(last, ev.Finished), last
    assert last.outcome == "done"
    assert last.report["n"] == len(run.split.test)
    ended = [event for event in events if isinstance(event, ev.EpochEnded)]
    assert {key for event in ended for key in event.logs} == {log.key for log in strategy.logs}
    model = TrainedModel.load(run.path)
    # a network as any other: no name in it tells how it was trained
    assert load_file(run.best).keys() == model.module.state_dict().keys()
    (answered,) = model.predict([Path(run.split.root) / run.split.test[0].path])
    assert answered.probabilities is not None  # perhaps with a doubt: the texts are tiny
    assert answered.label(model.classes) in run.split.classes


def _assert_refused(shop: Workshop, strategy: Strategy, kind: Kind) -> None:
    options = TOLD[strategy.key](shop, kind) if strategy.key in TOLD else {}
    with pytest.raises(UserError) as caught:
        shop.plan(kind, strategy.key, options=options)
    assert caught.value.code == _obstacle(shop, strategy, kind)
    assert str(caught.value)


def _obstacle(shop: Workshop, strategy: Strategy, kind: Kind) -> str:
    if not strategy.fits(kind.modality):
        return "strategy.other_modality"
    return strategy.obstacle(shop.backbone(kind))


def test_some_refuse_and_most_do_not(shop: Workshop) -> None:
    """What a strategy says it works with is not empty, and refusals are not everywhere."""
    for strategy in registry.STRATEGIES:
        works = [kind for kind in KINDS if not _obstacle(shop, strategy, kind)]
        assert {kind.modality for kind in works} == (set(strategy.modalities) or set(SMALL))
    pairs = itertools.product(registry.STRATEGIES, KINDS)
    refused = [pair for pair in pairs if _obstacle(shop, *pair)]
    names = {(strategy.key, str(kind)) for strategy, kind in refused}
    assert ("lora", "image-tgnet") in names
    assert ("norm_and_bias", "text-word_vectors") in names
    for strategy, kind in refused:
        _assert_refused(shop, strategy, kind)


def test_what_needs_other_data_says_so(shop: Workshop) -> None:
    """Before anything is trained, and also where the recipe names some that nobody has read."""
    needing = [strategy for strategy in registry.STRATEGIES if strategy.needs]
    assert {strategy.key for strategy in needing} >= {"coral", "mcc", "dann", "cdan"}
    for strategy in needing:
        fitting = (kind for kind in (*FIRST, *KINDS) if strategy.fits(kind.modality))
        kind = next(kind for kind in fitting if not _obstacle(shop, strategy, kind))
        plan = shop.plan(kind, strategy.key)
        bare = plan.recipe.replace(companions={})
        with pytest.raises(UserError) as caught:
            resolve(bare, plan.split)
        assert caught.value.code == "companion.needed"
        unread = resolve(plan.recipe, msgspec.structs.replace(plan.split, companions=()))
        run = Run.create(unread.recipe, unread.split, shop.folder / f"unread_{strategy.key}")
        last = list(start.train(unread, run))[-1]
        assert isinstance(last, ev.Failed)
        assert last.code == "companion.needed"


@pytest.mark.parametrize("strategy", registry.STRATEGIES, ids=lambda s: s.key)
def test_other_data_that_it_does_not_use_are_told(shop: Workshop, strategy: Strategy) -> None:
    """Before anything is trained: what checks is used by all."""
    options = TOLD[strategy.key](shop, FIRST[0]) if strategy.key in TOLD else {}
    if _obstacle(shop, strategy, FIRST[0]):
        return
    plan = shop.plan(FIRST[0], strategy.key, options=options)
    others = tuple(companion(plan.split, role, plan.split.train) for role in ROLES)
    plan = resolve(plan.recipe, msgspec.structs.replace(plan.split, companions=others))
    run = Run.create(plan.recipe, plan.split, shop.folder / f"unused_{strategy.key}")
    with contextlib.closing(start.train(plan, run)) as events:
        notices = itertools.takewhile(lambda event: isinstance(event, ev.Notice), events)
        told = [note for note in notices if note.code == "companion.unused"]
    used = ("check", *strategy.needs, *strategy.uses)
    unused = [role for role in ROLES if role not in used]
    assert [note.values["role"] for note in told] == [ROLES[role].title for role in unused]
    assert all(note.sentence() for note in told)


def test_every_kind_meets_several_strategies() -> None:
    """Without ``-m slow``, too."""
    met = Counter(
        kind for number, _s in enumerate(registry.STRATEGIES) for kind in _in_turn(number)
    )
    assert met.keys() == set(KINDS)
    assert min(met.values()) >= 2
