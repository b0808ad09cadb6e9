"""Closed-form maps between the features of two data sets."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def coral(
    source: Tensor, target: Tensor, shrinkage: float, shift: bool = True
) -> Callable[[Tensor], Tensor]:
    """The map that gives features the covariance, and the mean, of a target's.

    CORAL (Sun, Feng and Saenko 2016, arXiv:1511.05547): whiten with the source's covariance, colour
    with the target's. The paper adds the identity to both covariances; here each is mixed with its
    mean variance, so that the unit of the features does not matter. The paper assumes features
    with mean 0; ``shift`` does this for each data set.

    Args:
        source: [N, F].
        target: [M, F].
        shrinkage: in (0, 1], the share of the mean variance in each covariance.

    Returns:
        features [..., F] of the source to features [..., F] that look like the target's.
    """
    means = [x.double().mean(0) for x in (source, target)]
    whiten = _power(source.double() - means[0], shrinkage, -0.5)
    colour = _power(target.double() - means[1], shrinkage, 0.5)
    before, after = (means[0], means[1]) if shift else (torch.zeros_like(means[0]),) * 2

    def move(features: Tensor) -> Tensor:
        return (colour(whiten(features.double() - before)) + after).to(features.dtype)

    return move


def _power(centred: Tensor, shrinkage: float, exponent: float) -> Callable[[Tensor], Tensor]:
    """Multiplies features [..., F] by a power of a covariance, mixed with its mean variance.

    With fewer samples than features, the covariance (1 - s) X'X / N + b 1 is b 1 but for what the
    samples span, so that eigenvectors of the small XX' are enough: its power is
    b^p 1 + X' g(XX') X, with g(z) = ((b + a z)^p - b^p) / z and a = (1 - s) / N.

    Args:
        centred: X [N, F], of mean 0.
        shrinkage: s, the share of the mean variance.
        exponent: p.
    """
    count, width = centred.shape
    floor = shrinkage * centred.square().mean().clamp(min=1e-12)
    scale = (1 - shrinkage) / count
    if count >= width:
        values, vectors = torch.linalg.eigh(centred.T @ centred)
        powers = (scale * values + floor).clamp(min=1e-12).pow(exponent)
        matrix = (vectors * powers) @ vectors.T
        return lambda features: features @ matrix
    values, vectors = torch.linalg.eigh(centred @ centred.T)
    values = values.clamp(min=1e-12 * float(floor / max(scale, 1e-12)))  # where g is flat
    level = floor.pow(exponent)
    growth = level * torch.expm1(exponent * torch.log1p(scale / floor * values)) / values
    inner = (vectors * growth) @ vectors.T
    return lambda features: level * features + features @ centred.T @ inner @ centred
