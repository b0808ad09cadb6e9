"""The small trainings of the loop's own tests."""

from tests.core.training.conftest import _one_thread, lab, pictures, small_weights, weights_dir

__all__ = ["_one_thread", "lab", "pictures", "small_weights", "weights_dir"]
