"""What a model predicts for a file is the mean over its parts, where there are several."""

import numpy as np
import pytest

from transfergui.core.data.parts import of_whole


def test_the_whole_is_the_mean_of_several_parts() -> None:
    whole = of_whole([np.array([0.9, 0.1]), np.array([0.5, 0.5]), np.array([0.4, 0.6])])
    assert whole is not None
    assert whole.tolist() == pytest.approx([0.6, 0.4])
    assert of_whole([np.array([0.9, 0.1])]) is None
    assert of_whole([]) is None
