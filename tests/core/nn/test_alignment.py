import pytest
import torch

from transfergui.core.nn.alignment import coral


def of_two() -> tuple[torch.Tensor, torch.Tensor]:
    draw = torch.Generator().manual_seed(0)
    source = torch.randn(400, 5, generator=draw) @ torch.randn(5, 5, generator=draw)
    target = torch.randn(500, 5, generator=draw) @ torch.randn(5, 5, generator=draw) + 3
    return source, target


def test_mean_and_covariance_become_those_of_the_target() -> None:
    source, target = of_two()
    moved = coral(source, target, shrinkage=1e-9)(source)
    torch.testing.assert_close(moved.mean(0), target.mean(0), atol=1e-3, rtol=1e-3)
    torch.testing.assert_close(torch.cov(moved.T), torch.cov(target.T), atol=0.05, rtol=0.02)


def test_alike_data_hardly_move() -> None:
    source, _target = of_two()
    torch.testing.assert_close(coral(source, source, 0.1)(source), source, atol=1e-3, rtol=1e-3)


def test_without_a_shift_the_mean_is_only_turned() -> None:
    source, target = of_two()
    centred = source - source.mean(0)
    moved = coral(source, target, 0.1, shift=False)(centred)
    assert moved.mean(0).abs().max() < 1e-4


def test_features_that_are_always_the_same_do_no_harm() -> None:
    source, target = of_two()
    source[:, 2] = 1.0
    target[:, 2] = 1.0
    moved = coral(source, target, 0.1)(source[None])
    assert moved.shape == (1, 400, 5)
    assert torch.isfinite(moved).all()


@pytest.mark.parametrize(("own", "others"), [(9, 14), (40, 14), (9, 40), (1, 1)])
@pytest.mark.parametrize("shrinkage", [0.5, 1e-3, 1.0])
def test_few_samples_give_the_map_of_the_whole_covariances(
    own: int, others: int, shrinkage: float
) -> None:
    draw = torch.Generator().manual_seed(0)
    source = torch.randn(own, 20, generator=draw, dtype=torch.float64)
    target = torch.randn(others, 20, generator=draw, dtype=torch.float64) * 3 + 1

    def power(features: torch.Tensor, exponent: float) -> torch.Tensor:
        found = torch.cov(features.T, correction=0)
        level = found.diagonal().mean().clamp(min=1e-12)
        found = (1 - shrinkage) * found + shrinkage * level * torch.eye(20, dtype=torch.float64)
        values, vectors = torch.linalg.eigh(found)
        return (vectors * values.pow(exponent)) @ vectors.T

    given = torch.randn(6, 20, generator=draw, dtype=torch.float64)
    expected = (given - source.mean(0)) @ power(source, -0.5) @ power(target, 0.5) + target.mean(0)
    torch.testing.assert_close(coral(source, target, shrinkage)(given), expected)
