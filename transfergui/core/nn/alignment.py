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
    whiten = _power(_covariance(source, shrinkage), -0.5)
    colour = _power(_covariance(target, shrinkage), 0.5)
    together = whiten @ colour
    before, after = (means[0], means[1]) if shift else (torch.zeros_like(means[0]),) * 2

    def move(features: Tensor) -> Tensor:
        return ((features.double() - before) @ together + after).to(features.dtype)

    return move


def _covariance(features: Tensor, shrinkage: float) -> Tensor:
    """[F, F], mixed with its mean variance."""
    found = torch.cov(features.double().T, correction=0)
    level = found.diagonal().mean().clamp(min=1e-12)
    return (1 - shrinkage) * found + shrinkage * level * torch.eye(len(found), dtype=found.dtype)


def _power(matrix: Tensor, exponent: float) -> Tensor:
    """Of a symmetric, positive matrix."""
    values, vectors = torch.linalg.eigh(matrix)
    return (vectors * values.clamp(min=1e-12).pow(exponent)) @ vectors.T
