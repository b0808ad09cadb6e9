"""What the engine and the window rely on, of every modality alike."""

import json
import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch

from tests.conftest import TINY
from transfergui.core import registry
from transfergui.core.app.detection import detect
from transfergui.core.base import options as opt
from transfergui.core.base.errors import UserError
from transfergui.core.base.notes import Note
from transfergui.core.base.options import Options
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.data.file_part import FilePart
from transfergui.core.interfaces.plan import Modality
from transfergui.core.interfaces.samples import Preview
from transfergui.core.modalities.previews import preview_variants
from transfergui.core.networks.choice import built_in
from transfergui.core.reading.data_options import FileData


@pytest.fixture(scope="module", params=registry.MODALITIES, ids=lambda modality: modality.key)
def modality(request: pytest.FixtureRequest) -> Modality:
    return request.param


@pytest.fixture(scope="module")
def source(modality: Modality, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return TINY[modality.key](tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def dataset(modality: Modality, source: Path) -> Dataset:
    return modality.scan(DataOptions(path=str(source)))


@pytest.fixture(scope="module")
def input(modality: Modality, dataset: Dataset) -> Options:
    row = built_in(modality)
    values = row.input | modality.beside(row, None) | dataset.input
    return opt.check(values, modality.input_options)


@pytest.fixture(scope="module")
def paths(dataset: Dataset) -> list[Path]:
    return [dataset.root / sample.path for sample in dataset.samples]


def test_shared_data_options_are_defined_once(modality: Modality) -> None:
    shared = {name for each in FileData.__mro__[:2] for name in each.__annotations__}
    assert shared <= set(modality.data_options.__struct_fields__)
    assert shared.isdisjoint(modality.data_options.__annotations__)


CPU = torch.device("cpu")


def generator(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def same(one: torch.Tensor, other: torch.Tensor) -> bool:
    return one.shape == other.shape and torch.equal(one, other)


# -- properties


def test_every_property_is_measured(modality: Modality, input: Options, paths: list[Path]) -> None:
    values = modality.measure(paths[0], input)
    keys = [each.key for each in modality.properties]
    assert len(set(keys)) == len(keys)
    for each in modality.properties:
        assert each.title
        assert isinstance(values[each.key], str if each.kind == "category" else float)
    for fault in modality.faults:
        assert isinstance(values[fault.key], str if fault.side == "other" else float)
        assert Note(fault.code, {"count": 2, "total": 9, "noun": modality.many}).sentence()


# -- words and options


def test_it_says_what_it_is(modality: Modality) -> None:
    for words in (modality.title, modality.one, modality.many, modality.prepared):
        assert words
    assert modality.patterns
    assert all(pattern.startswith("*.") for pattern in modality.patterns)
    assert modality.recommended in {row.key for row in modality.backbones()}
    assert modality.typed == "" or f"*{modality.typed}" in modality.patterns


def test_options_have_defaults_that_fit(modality: Modality) -> None:
    for struct in (modality.data_options, modality.input_options, modality.augment_options):
        assert opt.check({}, struct) == struct()
        for option in opt.describe(struct):
            assert option.title
            assert option.help
    assert set(modality.reading) <= set(modality.input_options.__struct_fields__)


def test_presets_begin_with_nothing(modality: Modality) -> None:
    assert list(modality.augment_presets) == ["None", "Light", "Strong"]
    assert modality.augment_presets["None"] == modality.augment_options()
    for preset in modality.augment_presets.values():
        assert opt.check(preset, modality.augment_options) == preset


def test_rows_can_be_listed_and_their_inputs_fit(modality: Modality) -> None:
    for row in modality.backbones():
        assert msgspec.convert(row.input, modality.input_options) is not None
        assert row.title
        assert row.summary
        assert row.groups or not row.params


# -- data


def test_a_scan_finds_the_classes(modality: Modality, source: Path, dataset: Dataset) -> None:
    assert dataset.modality == modality.key
    assert dataset.source == source
    assert dataset.noun == modality.many
    assert dataset.counts() == [12, 12]
    assert [s.path for s in dataset.samples] == sorted(s.path for s in dataset.samples)
    assert all(
        s.size == (dataset.root / FilePart.parse(s.path).file).stat().st_size
        for s in dataset.samples
    )
    assert not [p for p in dataset.problems if p.left_out]
    assert json.loads(json.dumps(dataset.input)) == dataset.input


def test_what_was_chosen_leads_to_the_same_again(modality: Modality, dataset: Dataset) -> None:
    fields = set(modality.data_options.__struct_fields__)
    assert set(dataset.chosen) <= fields
    assert set(dataset.choices) <= fields
    assert set(dataset.input) <= set(modality.input_options.__struct_fields__)
    again = modality.scan(DataOptions(path=str(dataset.source), options=dataset.chosen))
    assert again == dataset


def test_data_for_a_model_are_read_as_its_own_were(
    modality: Modality, dataset: Dataset, input: Options
) -> None:
    options = modality.data_for(input)
    assert opt.check(options, modality.data_options)
    again = modality.scan(DataOptions(path=str(dataset.source), options=options))
    assert again.input == dataset.input


def test_the_source_is_recognised(modality: Modality, source: Path) -> None:
    assert detect(source) == modality.key


def test_an_option_that_is_not_there_is_named(modality: Modality, source: Path) -> None:
    with pytest.raises(UserError) as caught:
        modality.scan(DataOptions(path=str(source), options={"colour_of_the_sky": 1}))
    assert caught.value.note.values["path"] == "data.options.colour_of_the_sky"


def test_a_scan_can_be_cancelled(modality: Modality, source: Path) -> None:
    def cancel(_count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        modality.scan(DataOptions(path=str(source)), cancel)


def test_samples_to_predict_are_those_of_a_scan(
    modality: Modality, source: Path, input: Options, paths: list[Path]
) -> None:
    assert list(modality.list_files([source], input)) == paths
    assert list(modality.list_files(paths[:3], input)) == paths[:3]


def test_good_samples_have_no_problem(modality: Modality, paths: list[Path]) -> None:
    assert all(modality.check(path) is None for path in paths)


def test_digests_are_of_the_content(modality: Modality, input: Options, paths: list[Path]) -> None:
    digests = [modality.digest(path, input) for path in paths]
    assert all(len(digest) == 32 and int(digest, 16) >= 0 for digest in digests)
    assert len(set(digests)) == len(paths)
    assert digests == [modality.digest(path, input) for path in paths]
    gone = Path(str(paths[0]).replace(paths[0].parent.name, "gone"))
    with pytest.raises(OSError, match="gone"):
        modality.digest(gone, input)


# -- tensors


def test_prepared_samples_have_the_shape_that_was_said(
    modality: Modality, input: Options, paths: list[Path]
) -> None:
    example = modality.example(input)
    assert example.shape == (2, *modality.input_shape(input))
    for path in paths[:4]:
        prepared = modality.prepare(modality.load(path, input), input)
        assert prepared.shape == modality.input_shape(input)
        assert prepared.dtype == example.dtype
        assert same(prepared, modality.prepare(modality.load(path, input), input))


def test_augmentation_is_random_only_by_its_generator(
    modality: Modality, input: Options, paths: list[Path]
) -> None:
    loaded = modality.load(paths[0], input)
    before = loaded.clone()
    prepared = modality.prepare(loaded, input)
    nothing, strong = modality.augment_options(), modality.augment_presets["Strong"]

    def augmented(options: Options, *seeds: int) -> torch.Tensor:
        rngs = [generator(seed) for seed in seeds]
        return modality.augment([loaded] * len(seeds), input, options, rngs, CPU).inputs

    assert same(augmented(nothing, 0, 1), torch.stack([prepared, prepared]))
    torch.manual_seed(1)
    first = augmented(strong, 5)
    torch.manual_seed(2)
    second = augmented(strong, 5)
    assert same(first, second)
    others = augmented(strong, *range(8))
    assert (others.shape, others.dtype) == ((8, *prepared.shape), prepared.dtype)
    assert not all(same(other, prepared) for other in others)
    assert torch.equal(loaded, before)


def test_augmentation_does_not_depend_on_the_others_of_a_batch(
    modality: Modality, input: Options, paths: list[Path]
) -> None:
    strong = modality.augment_presets["Strong"]
    loaded = [modality.load(path, input) for path in paths[:6]]
    rngs = [generator(seed) for seed in range(6)]
    together = modality.augment(loaded, input, strong, rngs, CPU).inputs
    for seed, (sample, found) in enumerate(zip(loaded, together, strict=True)):
        alone = modality.augment([sample], input, strong, [generator(seed)], CPU).inputs
        torch.testing.assert_close(found, alone[0], rtol=0, atol=1e-5)


def test_augmented_samples_are_on_the_device(
    modality: Modality, input: Options, paths: list[Path]
) -> None:
    meta = torch.device("meta")
    loaded = [modality.load(path, input) for path in paths[:2]]
    strong, rngs = modality.augment_presets["Strong"], [generator(), generator()]
    found = modality.augment(loaded, input, strong, rngs, meta).inputs
    assert (found.device, found.shape) == (meta, (2, *modality.input_shape(input)))


@pytest.mark.parametrize("name", ["None", "Light", "Strong"])
def test_mixing_keeps_what_it_does_not_own(
    modality: Modality, input: Options, paths: list[Path], name: str
) -> None:
    options = modality.augment_presets[name]
    inputs = torch.stack(
        [modality.prepare(modality.load(path, input), input) for path in (*paths[:2], *paths[-2:])]
    )
    targets = torch.eye(2)[[0, 0, 1, 1]]
    kept, wanted = inputs.clone(), targets.clone()
    mixed, blended = modality.mix(inputs, targets, options, generator())
    assert torch.equal(inputs, kept)
    assert torch.equal(targets, wanted)
    assert (len(mixed), blended.shape) == (4, (4, 2))
    torch.testing.assert_close(blended.sum(1), torch.ones(4))
    if not modality.mixes(options):
        assert same(mixed, inputs)
        assert torch.equal(blended, targets)


@torch.no_grad()
def test_the_built_in_network_makes_features(modality: Modality, input: Options) -> None:
    row = built_in(modality)
    modality.require_fit(row, input, modality.augment_options())
    encoder = modality.build(row, None, input).eval()
    features = encoder(modality.example(input))
    assert features.shape == (2, row.features)
    assert torch.isfinite(features).all()


# -- to look at


def is_drawable(preview: Preview) -> bool:
    data = preview.data
    if preview.kind == "picture":
        return data.dtype == np.uint8 and data.shape[2] == 3
    if preview.kind == "sound":
        drawn = data.spectrogram
        heard = data.samples.dtype == np.float32 and np.abs(data.samples).max() <= 1
        return heard and drawn.dtype == np.uint8 and drawn.ndim == 2
    return bool(data.text)


def test_samples_and_what_the_network_sees_can_be_drawn(
    modality: Modality, input: Options, paths: list[Path]
) -> None:
    preset = modality.augment_presets["Strong"]
    shown = preview_variants(modality, paths[0], input, preset, seed=1, count=2)
    assert len(shown) == 4
    assert shown[0].caption
    assert all(map(is_drawable, shown))


PREVIEW = """
import sys
from pathlib import Path
from transfergui.core import registry
modality = registry.modality({key!r})
modality.preview(Path({path!r}), modality.input_options())
print("LOADED", *sys.modules)
"""


def test_previews_need_no_torch(modality: Modality, paths: list[Path]) -> None:
    program = PREVIEW.format(key=modality.key, path=str(paths[0]))
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    assert {"torch", "torchaudio", "transformers"}.isdisjoint(run.stdout.split())
