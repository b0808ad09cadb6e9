"""What is timed: the program, its alternatives, and the floors below which no program can be.

Every arm is a function from a :class:`Task` to a :class:`Measured`. All of them see the same
files, the same weights and the same split. But for whole processes, libraries are imported before
the clock starts, as the window does while data are read (fastai takes longest), and the machine
has been measured, which the program does once per network
(:mod:`transfergui.core.training.precision`). The floors run as anyone would write them, and with
the program's memory setting, which is most of its gain.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own convention

from tests.benchmarks import listing, whole, window
from tests.benchmarks.measured import Measured, Task
from transfergui.core import registry
from transfergui.core.base import allocator
from transfergui.core.base.parallel import ordered_map
from transfergui.core.data.dataset import Sample
from transfergui.core.interfaces.plan import Plan
from transfergui.core.networks import planned
from transfergui.core.networks import weights as weights_files
from transfergui.core.nn.classifier import classifier_of
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel
from transfergui.core.training import precision, start
from transfergui.gui.base.warm_up import warm_up

EPOCHS = 2
"""Of fine-tuning, where pictures per second are counted: the second epoch's."""
BATCH = 32
SIZE = 224
STEPS = 12
"""Of the bare training step."""


# -- the program


def our_features(task: Task) -> Measured:
    """Feature extraction: from the plan to the report on the test pictures."""
    plan = _ready(task, "feature_extraction")
    began = time.perf_counter()
    last = _trained(plan, Path(task.home, "run"))[-1]
    return _ended(last, began, len(plan.split.train) + len(plan.split.val))


def our_features_again(task: Task) -> Measured:
    """The same with another seed for the head, once the features are known."""
    our_features(task)
    plan = _plan(task, "feature_extraction", run__seed=1)
    began = time.perf_counter()
    last = _trained(plan, Path(task.home, "again"))[-1]
    return _ended(last, began, len(plan.split.train))


def our_fine_tuning(task: Task, **settings: Any) -> Measured:
    """Pictures per second of the last of :data:`EPOCHS` epochs."""
    plan = _ready(task, "fine_tuning", run__epochs=EPOCHS, **settings)
    events = _trained(plan, Path(task.home, "run"))
    last = [event for event in events if isinstance(event, ev.EpochEnded)][-1]
    return Measured(last.seconds, len(plan.split.train))


def terminal_fine_tuning(task: Task) -> Measured:
    """In float32, as :func:`tests.benchmarks.window.window_fine_tuning` is: of two ways to compute
    that are nearly as quick, either may be chosen."""
    return our_fine_tuning(task, run__precision="float32")


def our_prediction(task: Task) -> Measured:
    """Answers for all pictures of the data set, by a finished run."""
    plan = _ready(task, "feature_extraction", run__epochs=1)
    _trained(plan, Path(task.home, "run"))
    model = TrainedModel.load(Path(task.home, "run"))
    paths = [Path(plan.split.root) / sample.path for sample in _everything(plan)]
    began = time.perf_counter()
    answers = sum(1 for _answer in model.predict(paths))
    return Measured(time.perf_counter() - began, answers)


# -- alternatives


def fastai_fine_tune(task: Task) -> Measured:
    """``vision_learner(...).fine_tune(2)`` as fastai's documentation has it."""
    from fastai.vision.all import accuracy

    learner, test = _fastai_learner(task)
    began = time.perf_counter()
    with learner.no_bar(), learner.no_logging():
        learner.fine_tune(2)
    seconds = time.perf_counter() - began
    probabilities, targets = learner.get_preds(dl=test)
    return Measured(seconds, 3 * len(learner.dls.train_ds), float(accuracy(probabilities, targets)))


def fastai_epoch(task: Task) -> Measured:
    """Pictures per second of fastai's second unfrozen epoch, without its validation."""
    from fastai.callback.core import Callback

    class Clock(Callback):
        seconds = 0.0

        def before_train(self) -> None:
            self.began = time.perf_counter()

        def after_train(self) -> None:
            self.seconds = time.perf_counter() - self.began

    learner, _test = _fastai_learner(task)
    clock = Clock()
    learner.unfreeze()
    with learner.no_bar(), learner.no_logging():
        learner.fit_one_cycle(EPOCHS, 1e-3, cbs=[clock])
    pictures = len(learner.dls.train_ds) // learner.dls.bs * learner.dls.bs
    return Measured(clock.seconds, pictures)


def tutorial_loop(task: Task) -> Measured:
    """The loop of torchvision's transfer-learning tutorial, at our batch size, second epoch.

    https://docs.pytorch.org/tutorials/beginner/transfer_learning_tutorial.html: all layers,
    SGD, random crops and mirroring, DataLoader workers.
    """
    from PIL import Image
    from torch.utils.data import DataLoader, Dataset
    from torchvision import transforms

    split = task.load_split()
    change = transforms.Compose(
        [
            transforms.RandomResizedCrop(SIZE),
            transforms.RandomHorizontalFlip(),
            transforms.ToTensor(),
            transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
        ]
    )

    class Pictures(Dataset):
        def __len__(self) -> int:
            return len(split.train)

        def __getitem__(self, row: int) -> tuple[Tensor, int]:
            sample = split.train[row]
            with Image.open(Path(split.root) / sample.path) as image:
                return change(image.convert("RGB")), sample.label

    device = torch.device(task.device)
    model = _torchvision(task, len(split.classes)).to(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.001, momentum=0.9)
    loader = DataLoader(Pictures(), BATCH, shuffle=True, num_workers=2, persistent_workers=True)
    model.train()
    for _epoch in range(EPOCHS):
        began = time.perf_counter()
        for inputs, targets in loader:
            optimizer.zero_grad()
            logits = model(inputs.to(device))
            F.cross_entropy(logits, targets.to(device)).backward()
            optimizer.step()
    return Measured(time.perf_counter() - began, len(split.train))


# -- floors


def bare_forward(task: Task) -> Measured:
    """Decode every picture, ahead on threads, and send it through the network; nothing else."""
    plan = _plan(task, "feature_extraction")
    way = precision.of_frozen(plan, planned.require_weights(plan), torch.device(task.device))
    return _forwards(task, plan, way)


def bare_exact(task: Task) -> Measured:
    """The same in full precision, in which predictions are made."""
    return _forwards(task, _plan(task, "feature_extraction"), precision.EXACT)


def _forwards(task: Task, plan: Plan, way: precision.ComputeMode) -> Measured:
    device = torch.device(task.device)
    encoder = plan.modality.build(plan.backbone, planned.require_weights(plan), plan.input)
    encoder = encoder.eval().to(device)
    quick = precision.Frozen(precision.fuse_batchnorm(encoder), way, device)
    samples = _everything(plan)
    began = time.perf_counter()
    for inputs in _decoded(plan, samples):
        quick(inputs.to(device))
    return Measured(time.perf_counter() - began, len(samples))


def bare_step(task: Task) -> Measured:
    """Forward, backward, step: on one batch that lies in memory."""
    plan = _plan(task, "fine_tuning")
    device = torch.device(task.device)
    model = classifier_of(plan, planned.require_weights(plan)).to(device)
    model.train_mode(freeze_norm=plan.phases[-1].freeze_norm)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5)
    inputs = torch.rand(BATCH, *plan.modality.input_shape(plan.input), device=device)
    targets = torch.zeros(BATCH, dtype=torch.long, device=device)

    def step() -> None:
        optimizer.zero_grad()
        F.cross_entropy(model(inputs), targets).backward()
        optimizer.step()

    step()
    began = time.perf_counter()
    for _step in range(STEPS):
        step()
    if device.type == "cuda":
        torch.cuda.synchronize()
    return Measured(time.perf_counter() - began, STEPS * BATCH)


def kept(floor: Callable[[Task], Measured]) -> Callable[[Task], Measured]:
    """``floor``, given what the program does at its start
    (:mod:`transfergui.core.base.allocator`)."""

    def arm(task: Task) -> Measured:
        allocator.keep_blocks()
        return floor(task)

    arm.__name__ = f"{floor.__name__}_kept"
    return arm


# -- what arms are made of


def _plan(task: Task, strategy: str, **settings: Any) -> Plan:
    recipe = Recipe().replace(
        backbone=task.backbone,
        strategy=strategy,
        weights_dir=task.weights,
        run__device=task.device,
        **settings,
    )
    return resolve(recipe, task.load_split())


def _ready(task: Task, strategy: str, **settings: Any) -> Plan:
    """A plan, once all is as when the program has started and knows the machine."""
    allocator.keep_blocks()
    warm_up()
    plan = _plan(task, strategy, **settings)
    precision.of_frozen(plan, planned.require_weights(plan), torch.device(task.device))
    return plan


def _trained(plan: Plan, folder: Path) -> list[ev.Event]:
    events = list(start.train(plan, Run.create(plan.recipe, plan.split, folder)))
    assert isinstance(events[-1], ev.Finished), events[-1]
    return events


def _ended(last: ev.Event, began: float, pictures: int) -> Measured:
    assert isinstance(last, ev.Finished)
    return Measured(time.perf_counter() - began, pictures, last.report["accuracy"])


def _everything(plan: Plan) -> list[Sample]:
    return [*plan.split.train, *plan.split.val, *plan.split.test]


def _decoded(plan: Plan, samples: Sequence[Sample]) -> Iterator[Tensor]:
    """Batches of prepared pictures."""

    def read(sample: Sample) -> Tensor:
        path = Path(plan.split.root) / sample.path
        return plan.modality.prepare(plan.modality.load(path, plan.input), plan.input)

    tensors = ordered_map(read, samples, ahead=2 * BATCH)
    while batch := list(itertools.islice(tensors, BATCH)):
        yield torch.stack(batch)


def _weights(task: Task) -> dict[str, Tensor]:
    row = registry.backbone(registry.modality("image"), task.backbone)
    return torch.load(weights_files.require(row, task.weights), weights_only=True)


def _torchvision(task: Task, classes: int) -> nn.Module:
    """The network as torchvision has it, its last layer replaced, as the tutorial does."""
    from torchvision.models import get_model

    model = get_model(task.backbone, weights=None)
    model.load_state_dict(_weights(task))
    last: nn.Linear = model.classifier[-1]
    model.classifier[-1] = nn.Linear(last.in_features, classes)
    return model


def _fastai_learner(task: Task) -> tuple[Any, Any]:
    """A learner on our training and validation pictures, and a loader of our test pictures.

    What ``vision_learner`` makes, which would download the weights. Resized to 224 and
    augmented as fastai's first steps do; its default batch would be two steps an epoch here, so
    it gets ours.
    """
    from fastai.vision import all as fastai

    split = task.load_split()
    root = Path(split.root)
    label = {str(root / s.path): split.classes[s.label] for s in split.train + split.val}
    label |= {str(root / s.path): split.classes[s.label] for s in split.test}
    validation = {str(root / s.path) for s in split.val}
    known = [str(root / s.path) for s in split.train + split.val]
    block = fastai.DataBlock(
        blocks=(fastai.ImageBlock, fastai.CategoryBlock(vocab=list(split.classes))),
        get_items=lambda names: names,
        get_y=lambda name: label[name],
        splitter=fastai.FuncSplitter(lambda name: name in validation),
        item_tfms=fastai.Resize(SIZE),
        batch_tfms=[
            *fastai.aug_transforms(),
            fastai.Normalize.from_stats(*fastai.imagenet_stats),
        ],
    )
    loaders = block.dataloaders(known, bs=BATCH, num_workers=2, device=task.device)
    body = _torchvision(task, len(split.classes)).features
    head = fastai.create_head(fastai.num_features_model(body), loaders.c)
    fastai.apply_init(head)
    learner = fastai.Learner(
        loaders,
        nn.Sequential(body, head),
        splitter=fastai.default_split,
        path=task.home,
        metrics=fastai.accuracy,
    )
    learner.freeze()
    test = loaders.test_dl([str(root / s.path) for s in split.test], with_labels=True)
    return learner, test


ARMS: dict[str, Callable[[Task], Measured]] = {
    arm.__name__: arm
    for arm in (
        our_features,
        our_features_again,
        our_fine_tuning,
        terminal_fine_tuning,
        our_prediction,
        fastai_fine_tune,
        fastai_epoch,
        tutorial_loop,
        bare_forward,
        bare_exact,
        bare_step,
        kept(bare_forward),
        kept(bare_exact),
        kept(bare_step),
        window.window_visible,
        window.empty_plot,
        window.window_fine_tuning,
        listing.our_listing,
        listing.bare_listing,
        listing.our_headers,
        listing.bare_headers,
        whole.whole_training,
        whole.whole_training_again,
        whole.whole_prediction,
        whole.whole_import,
        whole.whole_floor,
    )
}
