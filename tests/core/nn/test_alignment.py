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
