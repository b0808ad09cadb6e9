"""From a picture to what the network sees: resizing, random changes, mixing.

Normalisation is not here but inside the network, so that exports carry it.
Everything random comes from the generator passed in: the same generator gives
the same picture, in whatever thread.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - torch's own convention

from transfergui.core.modalities.image import ImageAugment, ImageInput, decode

RESAMPLING = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
}
"""Both antialiased, and what torchvision's presets use."""

LONGEST = 4
"""Of a picture longer than this many times its width, only the middle is kept."""

HUE = 0.1
"""Turns of the colour circle at 100 % of ``ImageAugment.colour``: hue means more than light."""

LUMA = np.array([0.299, 0.587, 0.114])
"""Brightness of red, green and blue (ITU-R BT.601)."""

YIQ = np.array([LUMA, [0.596, -0.274, -0.322], [0.211, -0.523, 0.312]])
"""RGB to brightness and two colour axes; a rotation of the two is a change of hue."""


# -- without chance


def load(path: Path, input: ImageInput) -> Tensor:
    """The picture in ``path``, brought to its size: uint8 [3, H, W].

    ``crop`` brings the shorter side to ``input.resize``; ``pad`` and ``squash`` bring the
    whole picture into ``input.size`` x ``input.size``, so that nothing is cut off later.

    Raises:
        UserError: ``picture.*``, as :func:`decode.open_picture`.
    """
    image = decode.open_picture(path, 2 * max(input.size, input.resize))
    return _tensor(FITS[input.fit](image, input))


def prepare(loaded: Tensor, input: ImageInput) -> Tensor:
    """The middle of a :func:`load`-ed picture: float32 [3, S, S] in [0, 1]."""
    return _unit(_middle(loaded, input.size))


def _shorter_side(image: Image.Image, input: ImageInput) -> Image.Image:
    side, short = max(input.resize, input.size), min(image.size)
    width, height = (min(length, LONGEST * short) for length in image.size)
    left, top = (image.width - width) / 2, (image.height - height) / 2
    box = (left, top, left + width, top + height)
    return _resized(image, (side * width // short, side * height // short), input, box)


def _pad(image: Image.Image, input: ImageInput) -> Image.Image:
    """On a border of the mean colour, which normalisation turns into zero."""
    scale = input.size / max(image.size)
    width, height = (max(1, round(length * scale)) for length in image.size)
    inner = _resized(image, (width, height), input)
    red, green, blue = (round(255 * mean) for mean in input.mean)
    canvas = Image.new("RGB", (input.size, input.size), (red, green, blue))
    canvas.paste(inner, ((input.size - width) // 2, (input.size - height) // 2))
    return canvas


def _squash(image: Image.Image, input: ImageInput) -> Image.Image:
    return _resized(image, (input.size, input.size), input)


FITS = {"crop": _shorter_side, "pad": _pad, "squash": _squash}


def _resized(
    image: Image.Image,
    size: tuple[int, int],
    input: ImageInput,
    box: tuple[float, float, float, float] | None = None,
) -> Image.Image:
    return image.resize(size, RESAMPLING[input.interpolation], box=box, reducing_gap=3.0)


def _tensor(image: Image.Image) -> Tensor:
    return torch.from_numpy(np.array(image)).permute(2, 0, 1).contiguous()


def _middle(picture: Tensor, size: int) -> Tensor:
    """The centre crop, to the pixel where torchvision's is."""
    top, left = (round((length - size) / 2) for length in picture.shape[1:])
    return picture[:, top : top + size, left : left + size]


def _unit(picture: Tensor) -> Tensor:
    return picture.to(torch.float32, memory_format=torch.contiguous_format).div_(255)


# -- with chance


def augment(
    loaded: Tensor, input: ImageInput, options: ImageAugment, rng: np.random.Generator
) -> Tensor:
    """Like :func:`prepare`, randomly changed; with every option off, the very same.

    All changes of geometry are one resampling of the :func:`load`-ed picture, and all
    changes of colour are one matrix.
    """
    picture = _view(loaded, input.size, options, rng)
    if options.colour:
        picture = _recolour(picture, options.colour / 100, rng)
    if options.blur:
        picture = _blur(picture, rng.uniform(0, options.blur))
    if rng.random() < options.erasing / 100:
        _erase(picture, input.mean, rng)
    return picture.clamp_(0, 1)


def _view(loaded: Tensor, size: int, options: ImageAugment, rng: np.random.Generator) -> Tensor:
    """What is seen of the picture, from where: float [3, ``size``, ``size``]."""
    mirror = (options.flip and rng.random() < 0.5, options.flip_vertical and rng.random() < 0.5)
    if options.rotation or options.shift or options.shear or options.zoom or options.crop:
        return _resample(loaded, size, mirror, options, rng)
    return _unit(_middle(loaded, size).flip([2 - axis for axis in (0, 1) if mirror[axis]]))


def _resample(
    loaded: Tensor,
    size: int,
    mirror: tuple[bool, bool],
    options: ImageAugment,
    rng: np.random.Generator,
) -> Tensor:
    """An affine map of the picture, sampled once.

    The map takes the output square [-1, 1]² to pixels of the picture, counted from its
    middle. Outside, the picture is reflected: a black corner would be something to learn.
    """
    whole = np.array(loaded.shape[:0:-1], dtype=float)  # width, height
    middle, window = _window(whole, size, options.crop / 100, rng)
    linear = _distortion(options, rng) * (window / 2 * np.where(mirror, -1, 1))
    shift = linear @ rng.uniform(-2, 2, 2) * (options.shift / 100)
    theta = np.column_stack([linear, middle + shift]) / (whole[:, None] / 2)
    shrink = int(math.sqrt(abs(np.linalg.det(linear))) * 2 / size)
    return _sample(_shrunk(loaded.to(torch.float32), shrink), theta, size).div_(255)


def _window(
    whole: np.ndarray, size: int, share: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Middle (from the picture's middle) and size of the part to look at, in pixels.

    The idea is RandomResizedCrop's (Szegedy et al. 2015), but shares are of the largest
    square within the picture, which is about what :func:`prepare` shows.
    """
    if not share:
        return np.zeros(2), np.full(2, float(size))
    side = whole.min() * math.sqrt(rng.uniform(1 - share, 1))
    stretch = math.exp(rng.uniform(-0.5, 0.5) * math.log(4 / 3))
    window = np.minimum([side * stretch, side / stretch], whole)
    return rng.uniform(-0.5, 0.5, 2) * (whole - window), window


def _distortion(options: ImageAugment, rng: np.random.Generator) -> np.ndarray:
    """Rotation, shear and zoom as a matrix [2, 2]."""
    angle, slant = np.radians(rng.uniform(-1, 1, 2) * (options.rotation, options.shear))
    scale = (1 + options.zoom / 100) ** rng.uniform(-1, 1)
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return scale * rotation @ np.array([[1, np.tan(slant)], [0, 1]])


def _shrunk(picture: Tensor, factor: int) -> Tensor:
    """Averages of ``factor`` x ``factor`` pixels: sampled too sparsely, details would flicker."""
    if factor < 2:
        return picture
    height, width = (max(1, length // factor) for length in picture.shape[1:])
    return F.adaptive_avg_pool2d(picture, (height, width))


def _sample(picture: Tensor, theta: np.ndarray, size: int) -> Tensor:
    """Bilinear samples where ``theta`` [2, 3] takes the output's pixels."""
    x, y, shift = torch.from_numpy(theta.astype(np.float32).T[..., None])
    ticks = (2 * torch.arange(size) + 1) / size - 1
    # as F.affine_grid's, in a fifth of its time, which is as long as the sampling takes
    grid = (x * ticks + shift)[:, None] + (y * ticks)[..., None]
    sampled = F.grid_sample(
        picture[None],
        grid.permute(1, 2, 0)[None],
        mode="bilinear",
        padding_mode="reflection",
        align_corners=False,
    )
    return sampled[0]


def _recolour(picture: Tensor, strength: float, rng: np.random.Generator) -> Tensor:
    """Brightness, contrast, saturation and hue, as one affine map of the colours."""
    brightness, contrast, saturation = rng.uniform(1 - strength, 1 + strength, 3)
    turn = 2 * math.pi * HUE * strength * rng.uniform(-1, 1)
    hue = np.array(
        [[1, 0, 0], [0, math.cos(turn), -math.sin(turn)], [0, math.sin(turn), math.cos(turn)]]
    )
    colours = np.linalg.inv(YIQ) @ hue @ YIQ
    colours = saturation * colours + (1 - saturation) * LUMA
    light = float(LUMA @ picture.mean((1, 2)).numpy())
    matrix = torch.from_numpy((brightness * contrast * colours).astype(np.float32))
    flat = (matrix @ picture.flatten(1)).add_(brightness * (1 - contrast) * light)
    return flat.clamp_(0, 1).view_as(picture)


def _blur(picture: Tensor, sigma: float) -> Tensor:
    """A Gaussian blur of ``sigma`` pixels: one matrix product down, one across."""
    places = torch.arange(picture.shape[1], dtype=torch.float32)
    distances = (places[:, None] - places) / max(sigma, 0.1)
    weights = torch.softmax(-(distances**2) / 2, dim=1)
    return weights @ picture @ weights.T


def _erase(picture: Tensor, colour: tuple[float, float, float], rng: np.random.Generator) -> None:
    """Cover a rectangle, in place (Zhong et al., "Random Erasing", 2020, arXiv:1708.04896)."""
    size = picture.shape[1]
    share = rng.uniform(0.02, 1 / 3)
    ratio = math.exp(rng.uniform(-1, 1) * math.log(10 / 3))
    sides = np.sqrt([share * ratio, share / ratio]) * size
    height, width = np.clip(sides.round().astype(int), 1, size)
    top, left = rng.integers(0, size - height + 1), rng.integers(0, size - width + 1)
    picture[:, top : top + height, left : left + width] = torch.tensor(colour)[:, None, None]


# -- pictures of a batch with each other


def mix(
    inputs: Tensor, targets: Tensor, options: ImageAugment, rng: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """Change a batch as a whole: mix pictures and their targets alike, then the resolution.

    mixup (Zhang et al. 2018, arXiv:1710.09412) blends: λ x + (1 - λ) x', λ ~ Beta(α, α).
    CutMix (Yun et al. 2019, arXiv:1905.04899) pastes a rectangle of area 1 - λ of x' into x.
    Where both are on, each batch gets either. Each of the :func:`resolutions` is as likely.

    Args:
        inputs: [N, 3, S, S]; not changed.
        targets: probabilities [N, classes], or anything else that is blended as they are,
            [N, F]; not changed.
    """
    methods = [(options.mixup, _blend), (options.cutmix, _paste)]
    methods = [(alpha, method) for alpha, method in methods if alpha]
    if methods:
        inputs, targets = _mixed(inputs, targets, methods, rng)
    chosen = rng.choice(resolutions(inputs.shape[-1], options))
    return _at(inputs, int(chosen)), targets


STEP = 16
"""Pixels; most networks halve a picture four or five times."""


def resolutions(size: int, options: ImageAugment) -> range:
    """The resolutions, in pixels, at which :func:`mix` shows pictures of ``size``."""
    factor = 1 + options.rescale / 100
    lower, higher = int(size - size / factor), int(size * factor - size)
    return range(size - lower // STEP * STEP, size + higher + 1, STEP)


def _at(inputs: Tensor, size: int) -> Tensor:
    """Pictures [N, 3, ``size``, ``size``]."""
    if inputs.shape[-1] == size:
        return inputs
    return F.interpolate(inputs, size=(size, size), mode="bilinear", antialias=True)


def _mixed(
    inputs: Tensor,
    targets: Tensor,
    methods: list[tuple[float, Callable[..., tuple[Tensor, float]]]],
    rng: np.random.Generator,
) -> tuple[Tensor, Tensor]:
    alpha, method = methods[rng.integers(len(methods))]
    others = torch.from_numpy(rng.permutation(len(inputs))).to(inputs.device)
    mixed, kept = method(inputs, inputs[others], rng.beta(alpha, alpha), rng)
    return mixed, torch.lerp(targets[others], targets, kept)


def _blend(
    inputs: Tensor, others: Tensor, kept: float, rng: np.random.Generator
) -> tuple[Tensor, float]:
    return torch.lerp(others, inputs, kept), kept


def _paste(
    inputs: Tensor, others: Tensor, kept: float, rng: np.random.Generator
) -> tuple[Tensor, float]:
    """Returns the share that was really kept: the rectangle may reach over the edge."""
    height, width = inputs.shape[2:]
    middle = rng.uniform(0, 1, 2)
    half = math.sqrt(1 - kept) / 2
    top, left = (np.clip(middle - half, 0, 1) * (height, width)).round().astype(int)
    bottom, right = (np.clip(middle + half, 0, 1) * (height, width)).round().astype(int)
    mixed = inputs.clone()
    mixed[:, :, top:bottom, left:right] = others[:, :, top:bottom, left:right]
    return mixed, float(1 - (bottom - top) * (right - left) / (height * width))
