import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from transfergui.gui.capture import sources


@pytest.mark.parametrize("form", list(sources.SCALES))
def test_samples_of_every_format_come_to_one_channel(form: str) -> None:
    dtype, silence, scale = sources.SCALES[form]
    values = np.array([[0.5, 0.0], [-0.5, -0.5]])
    content = (values * scale + silence).astype(dtype).tobytes()
    found = sources.samples(content, form, channels=2)
    np.testing.assert_allclose(found, [0.25, -0.5], atol=0.01)
    assert found.dtype == np.float32


def test_pixels_of_an_image_whose_rows_are_padded() -> None:
    image = QImage(5, 3, QImage.Format.Format_RGB32)
    image.fill(QColor(10, 20, 30))
    image.setPixelColor(4, 2, QColor(200, 100, 50))
    found = sources.pixels(image)
    assert found.shape == (3, 5, 3)
    assert found[2, 4].tolist() == [200, 100, 50]
    assert found[0, 0].tolist() == [10, 20, 30]


@pytest.mark.qt_log_level_fail("CRITICAL")  # it warns of hardware that there is not
def test_frames_of_qt_become_pictures() -> None:
    """As a camera gives them; without QtMultimedia there is no camera either."""
    try:
        from PySide6 import QtMultimedia
    except ImportError as error:
        pytest.skip(f"a library of the system is missing: {error}")
    from transfergui.core.capture.feed import Pictures

    image = QImage(8, 6, QImage.Format.Format_RGB32)
    image.fill(QColor(10, 20, 30))
    feed = Pictures()
    frames = sources._Frames(feed)
    frames.start()
    frames.put(QtMultimedia.QVideoFrame(image))
    captured = feed.take(10)
    frames.stop()
    assert captured is not None
    assert captured.values.shape == (6, 8, 3)
    assert captured.values[0, 0].tolist() == [10, 20, 30]
