"""Resizing like torchvision's own; every change within the contract at its extremes."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - torch's own convention
from torchvision.models import get_model_weights

from transfergui.core.base.options import describe
from transfergui.core.base.parallel import ordered_map
from transfergui.core.modalities.image import transforms
from transfergui.core.modalities.image.options import PRESETS, ImageAugment, ImageInput

CPU = torch.device("cpu")
SMALL = ImageInput(size=24, resize=28)
BOUNDS = {option.name: option for option in describe(ImageAugment)}
MOST: dict[str, Any] = {
    name: True if option.kind == "bool" else option.high for name, option in BOUNDS.items()
}
"""Each option with its largest value."""
OF_ONE_PICTURE = sorted(set(MOST) - {"mixup", "cutmix", "rescale", "mosaic"})


def write(path: Path, width: int, height: int) -> Path:
    """A smooth picture without symmetry."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    channels = [255 * x / width, 255 * y / height, 255 * (1 - x / width) * y / height]
    Image.fromarray(np.stack(channels, axis=-1).astype(np.uint8)).save(path)
    return path


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Tensor:
    path = write(tmp_path_factory.mktemp("photo") / "x.png", 60, 40)
    return transforms.load(path, SMALL)


def generator(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def augmented(
    loaded: Tensor, input: ImageInput, options: ImageAugment, rng: np.random.Generator
) -> Tensor:
    """One picture, augmented alone."""
    (seen,) = transforms.augment([loaded], input, options, [rng], CPU)
    return seen


# -- load and prepare


def published_preset(network: str, version: str) -> tuple[ImageInput, Callable[..., Tensor]]:
    """Our input options for what torchvision does with these weights, and its own function."""
    preset = get_model_weights(network)[version].transforms()
    input = ImageInput(
        size=preset.crop_size[0],
        resize=preset.resize_size[0],
        interpolation=preset.interpolation.value,
    )
    mean, std = (torch.tensor(v)[:, None, None] for v in (preset.mean, preset.std))
    return input, lambda image: preset(image) * std + mean


@pytest.mark.parametrize(
    ("network", "version"), [("mobilenet_v2", "IMAGENET1K_V1"), ("swin_t", "IMAGENET1K_V1")]
)
def test_prepare_is_what_torchvision_does(shared_data: Path, network: str, version: str) -> None:
    """The last photo has 9 million pixels, is turned by EXIF and decoded at half its size."""
    input, preset = published_preset(network, version)
    clothes = sorted((shared_data / "images/clothing").rglob("*.jpg"))[::100]
    hands = (shared_data / "images/hand-signs").rglob("*.JPG")
    for path in [*clothes, max(hands, key=lambda p: p.stat().st_size)]:
        with Image.open(path) as image:
            expected = preset(ImageOps.exif_transpose(image).convert("RGB"))
        seen = transforms.prepare(transforms.load(path, input), input)
        assert seen.shape == expected.shape
        assert (seen - expected).abs().mean() < 1 / 255, path


@pytest.mark.parametrize("fit", ["crop", "pad", "squash"])
@pytest.mark.parametrize(
    ("width", "height"), [(1, 1), (30000, 30), (30, 30000), (300, 200), (20, 31), (1, 5000)]
)
def test_any_shape_is_brought_to_size(tmp_path: Path, fit: str, width: int, height: int) -> None:
    input = msgspec.structs.replace(SMALL, fit=fit)
    loaded = transforms.load(write(tmp_path / "x.png", width, height), input)
    assert loaded.dtype == torch.uint8
    assert loaded.is_contiguous()
    assert loaded.numel() <= 3 * transforms.LONGEST * 28 * 28
    seen = transforms.prepare(loaded, input)
    assert seen.shape == (3, 24, 24)
    assert seen.dtype == torch.float32
    assert seen.min() >= 0
    assert seen.max() <= 1


def test_pad_and_squash_lose_no_edge(tmp_path: Path) -> None:
    """A picture with a red left and a blue right edge keeps both; crop loses them."""
    picture = Image.new("RGB", (80, 40), "lime")
    picture.paste("red", (0, 0, 10, 40))
    picture.paste("blue", (70, 0, 80, 40))
    picture.save(tmp_path / "x.png")
    found = {}
    for fit in ("crop", "pad", "squash"):
        input = msgspec.structs.replace(SMALL, fit=fit)
        seen = transforms.prepare(transforms.load(tmp_path / "x.png", input), input)
        row = seen[:, 12]
        found[fit] = (bool((row[0] > 0.9).any()), bool((row[2] > 0.9).any()))
    assert found == {"crop": (False, False), "pad": (True, True), "squash": (True, True)}


def test_the_border_of_pad_is_zero_to_the_network(tmp_path: Path) -> None:
    input = msgspec.structs.replace(SMALL, fit="pad")
    seen = transforms.prepare(transforms.load(write(tmp_path / "x.png", 80, 20), input), input)
    assert (seen[:, 0] - torch.tensor(input.mean)[:, None]).abs().max() < 1 / 255


def test_a_resize_below_the_size_adds_no_black_border(tmp_path: Path) -> None:
    Image.new("RGB", (50, 50), "white").save(tmp_path / "x.png")
    input = ImageInput(size=32, resize=16)
    assert transforms.prepare(transforms.load(tmp_path / "x.png", input), input).min() == 1


# -- augment


def test_with_every_option_off_nothing_changes(photo: Tensor) -> None:
    seen = augmented(photo, SMALL, ImageAugment(), generator())
    assert torch.equal(seen, transforms.prepare(photo, SMALL))


@pytest.mark.parametrize("name", OF_ONE_PICTURE)
def test_every_option_changes_something(photo: Tensor, name: str) -> None:
    options = ImageAugment(**{name: MOST[name]})
    plain = transforms.prepare(photo, SMALL)
    seen = [augmented(photo, SMALL, options, generator(seed)) for seed in range(8)]
    assert not all(torch.equal(picture, plain) for picture in seen)
    assert not all(torch.equal(picture, seen[0]) for picture in seen)


def option_values() -> st.SearchStrategy[ImageAugment]:
    """Any options, most of them off or at an extreme."""

    def values(name: str) -> st.SearchStrategy[object]:
        if BOUNDS[name].kind == "bool":
            return st.booleans()
        high = BOUNDS[name].high
        return st.sampled_from([0.0, high]) | st.floats(0, high)

    return st.builds(ImageAugment, **{name: values(name) for name in OF_ONE_PICTURE})


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    options=option_values(),
    shape=st.sampled_from([(28, 28), (28, 112), (112, 28), (28, 37), (24, 24)]),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_contract_holds_at_the_extremes(
    options: ImageAugment, shape: tuple[int, int], seed: int
) -> None:
    loaded = torch.from_numpy(generator(seed).integers(0, 256, (3, *shape), np.uint8))
    before = loaded.clone()
    seen = augmented(loaded, SMALL, options, generator(seed))
    assert seen.shape == (3, 24, 24)
    assert seen.dtype == torch.float32
    assert seen.is_contiguous()
    assert torch.isfinite(seen).all()
    assert seen.min() >= 0
    assert seen.max() <= 1
    assert torch.equal(loaded, before)


@pytest.mark.parametrize("preset", ["Light", "Strong"])
@pytest.mark.parametrize(("width", "height"), [(1, 1), (30000, 30)])
def test_extreme_pictures_can_be_augmented(
    tmp_path: Path, preset: str, width: int, height: int
) -> None:
    loaded = transforms.load(write(tmp_path / "x.png", width, height), SMALL)
    options = PRESETS[preset]
    assert isinstance(options, ImageAugment)
    assert augmented(loaded, SMALL, options, generator()).shape == (3, 24, 24)


@pytest.mark.parametrize("name", ["rotation", "shift", "shear", "zoom"])
def test_no_black_corner_appears(name: str) -> None:
    """A white picture stays white wherever it is moved to."""
    white = torch.full((3, 28, 28), 255, dtype=torch.uint8)
    options = ImageAugment(**{name: MOST[name]})
    for seed in range(10):
        assert augmented(white, SMALL, options, generator(seed)).min() > 0.999


def test_mirroring_is_exact(photo: Tensor) -> None:
    plain = transforms.prepare(photo, SMALL)
    options = ImageAugment(flip=True, flip_vertical=True)
    found = set()
    for seed in range(20):
        seen = augmented(photo, SMALL, options, generator(seed))
        found |= {d for d in [(), (2,), (1,), (1, 2)] if torch.equal(seen, plain.flip(d))}
    assert found == {(), (2,), (1,), (1, 2)}


def test_mirroring_goes_the_same_way_with_and_without_resampling(photo: Tensor) -> None:
    """A tiny rotation takes the other path through the code and gives nearly the same."""
    for seed in range(8):
        exact, turned = (
            augmented(
                photo,
                SMALL,
                ImageAugment(flip=True, flip_vertical=True, rotation=angle),
                generator(seed),
            )
            for angle in (0, 1e-9)
        )
        assert (exact - turned).abs().max() < 0.01


def test_half_a_turn_is_both_mirrors(monkeypatch: pytest.MonkeyPatch, photo: Tensor) -> None:
    class Most:
        """A generator that draws the largest value."""

        def uniform(self, low: float, high: float, size: int | None = None) -> object:
            return high if size is None else np.full(size, high)

        def random(self) -> float:
            return 1.0

    turned = augmented(photo, SMALL, ImageAugment(rotation=180), Most())  # type: ignore[arg-type]
    assert (turned - transforms.prepare(photo, SMALL).flip((1, 2))).abs().max() < 0.01


def test_gray_pictures_stay_gray() -> None:
    gray = torch.arange(28 * 28).remainder(256).to(torch.uint8).view(1, 28, 28).expand(3, -1, -1)
    seen = augmented(gray, SMALL, ImageAugment(colour=90), generator(3))
    assert (seen.amax(0) - seen.amin(0)).max() < 1e-3


def test_colours_are_changed_step_by_step(photo: Tensor) -> None:
    """Hue, saturation, contrast and brightness, one after the other, of a picture in doubles."""
    luma = torch.from_numpy(transforms.LUMA)
    yiq = torch.from_numpy(transforms.YIQ)
    for seed in range(5):
        rng = generator(seed)
        brightness, contrast, saturation = rng.uniform(0.7, 1.3, 3)
        turn = 2 * np.pi * transforms.HUE * 0.3 * rng.uniform(-1, 1)
        picture = transforms.prepare(photo, SMALL).double()
        y, i, q = torch.einsum("ij,jhw->ihw", yiq, picture)
        chroma = torch.complex(i, q) * np.exp(1j * turn)
        turned = torch.stack([y, chroma.real, chroma.imag])
        picture = torch.einsum("ij,jhw->ihw", yiq.inverse(), turned)
        picture = torch.lerp(torch.einsum("j,jhw->hw", luma, picture), picture, saturation)
        light = torch.einsum("j,jhw->hw", luma, picture).mean()
        picture = (torch.lerp(light, picture, contrast) * brightness).clamp(0, 1)
        seen = augmented(photo, SMALL, ImageAugment(colour=30), generator(seed))
        torch.testing.assert_close(seen, picture.float(), rtol=0, atol=1e-5)


def test_shrinking_averages_instead_of_skipping() -> None:
    """A fine chequerboard seen from afar is gray, not black and white at random."""
    board = (torch.arange(112)[:, None] + torch.arange(112)).remainder(2).mul(255).to(torch.uint8)
    whole = np.array([[[1.0, 0, 0], [0, 1.0, 0]]])
    small = transforms._resampled([board.expand(3, -1, -1)], whole, 28, CPU)
    assert (small - 127.5).abs().max() < 1


def test_the_generator_is_the_only_source_of_chance(photo: Tensor) -> None:
    options = PRESETS["Strong"]
    assert isinstance(options, ImageAugment)
    states = torch.get_rng_state(), random.getstate(), np.random.get_state()[1].tolist()  # type: ignore[index]

    def view(seed: int) -> Tensor:
        return augmented(photo, SMALL, options, generator(seed))

    alone = [view(seed) for seed in range(24)]
    together = list(ordered_map(view, range(24), threads=4))
    assert all(torch.equal(a, b) for a, b in zip(alone, together, strict=True))
    assert torch.equal(torch.get_rng_state(), states[0])
    assert random.getstate() == states[1]
    assert np.random.get_state()[1].tolist() == states[2]  # type: ignore[index]


SHAPES = [(28, 28), (28, 112), (112, 28), (37, 28), (28, 41)]
"""Of pictures in one batch."""


def mixed_batch() -> list[Tensor]:
    """Noise, whose every pixel is far from the next."""
    shapes = enumerate(SHAPES)
    arrays = [generator(seed).integers(0, 256, (3, *shape), np.uint8) for seed, shape in shapes]
    return [torch.from_numpy(array) for array in arrays]


def together(loaded: list[Tensor], input: ImageInput, options: ImageAugment) -> Tensor:
    rngs = [generator(seed) for seed in range(len(loaded))]
    return transforms.augment(loaded, input, options, rngs, CPU)


def alone(loaded: list[Tensor], input: ImageInput, options: ImageAugment) -> Tensor:
    pairs = enumerate(loaded)
    return torch.stack([augmented(each, input, options, generator(seed)) for seed, each in pairs])


@pytest.fixture(params=[False, True], ids=["processor", "graphics card"])
def whole(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether pictures are sampled in one stack, as a graphics card does it."""
    if request.param:
        monkeypatch.setattr(transforms, "_stacks", lambda p, d: [transforms._stacked(p, d)])
    return request.param


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(options=option_values())
def test_a_picture_does_not_depend_on_its_batch(whole: bool, options: ImageAugment) -> None:
    pictures = mixed_batch()
    found, wanted = (how(pictures, SMALL, options) for how in (together, alone))
    if not whole and not options.blur:
        assert torch.equal(found, wanted)
    torch.testing.assert_close(found, wanted, rtol=0, atol=3e-5)  # a hundredth of a gray level
    backwards = alone(pictures[::-1], SMALL, options)  # other pictures, the same chance
    torch.testing.assert_close(
        together(pictures[::-1], SMALL, options), backwards, rtol=0, atol=3e-5
    )


@pytest.mark.parametrize("preset", ["Light", "Strong"])
@pytest.mark.usefixtures("whole")
def test_photos_of_many_shapes_are_as_each_alone(shared_data: Path, preset: str) -> None:
    input, options = ImageInput(), PRESETS[preset]
    assert isinstance(options, ImageAugment)
    paths = sorted((shared_data / "images/clothing").rglob("*.jpg"))[::150]
    photos = [transforms.load(path, input) for path in paths]
    assert len({photo.shape for photo in photos}) > 1
    found, wanted = (how(photos, input, options) for how in (together, alone))
    torch.testing.assert_close(found, wanted, rtol=0, atol=3e-5)  # a hundredth of a gray level


def test_nothing_is_seen_of_what_surrounds_a_picture(whole: bool) -> None:
    """White pictures stay white beside larger black ones, wherever they are moved to."""
    white = torch.full((3, 28, 28), 255, dtype=torch.uint8)
    black = torch.zeros(3, 112, 112, dtype=torch.uint8)
    for name in ("rotation", "shift", "shear", "zoom", "crop"):
        options = ImageAugment(**{name: MOST[name]})
        seen = together([white, black, white], SMALL, options)
        assert seen[[0, 2]].min() > 0.999
        assert seen[1].max() == 0


def by_the_book(loaded: Tensor, theta: np.ndarray, size: int) -> Tensor:
    """One picture as PyTorch's own functions resample it."""
    shape = [1, 3, size, size]
    grid = F.affine_grid(torch.from_numpy(theta).float()[None], shape, align_corners=False)
    return F.grid_sample(
        loaded.float()[None], grid, padding_mode="reflection", align_corners=False
    )[0]


@pytest.mark.usefixtures("whole")
def test_resampling_is_pytorchs() -> None:
    pictures = [picture[:, :40, :40] for picture in mixed_batch()]  # none has to be shrunk
    options = ImageAugment(rotation=180, shift=50, shear=20, crop=50)
    for seed in range(5):
        maps = np.stack(
            [
                transforms._draw_map(p.shape[:0:-1], 24, (False, True), options, generator(seed))
                for p in pictures
            ]
        )
        found = transforms._resampled(pictures, maps, 24, CPU)
        pairs = zip(pictures, maps, strict=True)
        wanted = torch.stack([by_the_book(*pair, 24) for pair in pairs])
        torch.testing.assert_close(found, wanted, rtol=0, atol=0.02)


def test_all_is_computed_on_the_device(photo: Tensor) -> None:
    """Nothing can be read from ``meta``, nor go there and come back."""
    meta = torch.device("meta")
    everything = ImageAugment(**{name: MOST[name] for name in OF_ONE_PICTURE})
    for options in (everything, ImageAugment(), ImageAugment(flip=True, colour=20)):
        seen = transforms.augment([photo, photo], SMALL, options, [generator(), generator()], meta)
        assert (seen.device, seen.shape, seen.dtype) == (meta, (2, 3, 24, 24), torch.float32)


# -- mix


def batch(count: int) -> tuple[Tensor, Tensor]:
    """Pictures of one colour each, whose value is their class."""
    inputs = torch.arange(count, dtype=torch.float32).div(count).view(-1, 1, 1, 1)
    return inputs.expand(-1, 3, 24, 24).contiguous(), torch.eye(count)


def test_without_options_nothing_is_mixed() -> None:
    inputs, targets = batch(4)
    assert transforms.mix(inputs, targets, ImageAugment(), generator()) == (inputs, targets)


@pytest.mark.parametrize(
    "options", [{"mixup": 1.0}, {"cutmix": 1.0}, {"mixup": 0.2, "cutmix": 2.0}]
)
def test_targets_tell_what_is_in_the_picture(options: dict[str, Any]) -> None:
    """The mean of each picture is the mean of its classes' colours, weighted by its target."""
    for seed in range(30):
        inputs, targets = batch(8)
        mixed, soft = transforms.mix(inputs, targets, ImageAugment(**options), generator(seed))
        assert mixed.shape == inputs.shape
        assert soft.shape == targets.shape
        assert torch.allclose(soft.sum(1), torch.ones(8))
        colours = inputs[:, 0, 0, 0]
        assert torch.allclose(mixed.mean((1, 2, 3)), soft @ colours, atol=1e-5)
        assert torch.equal(inputs, batch(8)[0])
        assert torch.equal(targets, batch(8)[1])


def test_mixup_blends_and_cutmix_pastes() -> None:
    inputs, targets = batch(8)
    pasted, _ = transforms.mix(inputs, targets, ImageAugment(cutmix=1), generator(1))
    blended, _ = transforms.mix(inputs, targets, ImageAugment(mixup=1), generator(1))
    assert set(pasted.unique().tolist()) == set(inputs.unique().tolist())
    assert (blended.amax((1, 2, 3)) == blended.amin((1, 2, 3))).all()


def test_with_both_on_batches_get_either() -> None:
    inputs, targets = batch(8)
    options = ImageAugment(mixup=1, cutmix=1)
    plain = set()
    for seed in range(20):
        mixed, _ = transforms.mix(inputs, targets, options, generator(seed))
        plain.add(bool((mixed.amax((1, 2, 3)) == mixed.amin((1, 2, 3))).all()))
    assert plain == {True, False}


@pytest.mark.parametrize(
    ("size", "rescale", "sizes"),
    [(64, 0, [64]), (64, 50, [48, 64, 80, 96]), (224, 25, [192, 208, 224, 240, 256, 272])],
)
def test_resolutions_lie_around_the_size(size: int, rescale: float, sizes: list[int]) -> None:
    assert list(transforms.resolutions(size, ImageAugment(rescale=rescale))) == sizes


def test_each_batch_gets_one_of_the_resolutions() -> None:
    inputs, targets = torch.rand(2, 3, 64, 64), torch.eye(2)
    seen = set()
    for seed in range(40):
        shown, wanted = transforms.mix(inputs, targets, ImageAugment(rescale=50), generator(seed))
        assert torch.equal(wanted, targets)
        assert shown.mean().item() == pytest.approx(inputs.mean().item(), abs=0.01)
        seen.add(tuple(shown.shape))
    assert seen == {(2, 3, size, size) for size in (48, 64, 80, 96)}


def test_a_batch_of_one_is_left_as_it_is() -> None:
    inputs, targets = batch(1)
    mixed, soft = transforms.mix(inputs, targets, ImageAugment(mixup=1, cutmix=1), generator())
    assert torch.equal(mixed, inputs)
    assert torch.equal(soft, targets)
