"""A picture as Qt has it."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage


def image_of(data: np.ndarray) -> QImage:
    """uint8 [height, width, 3] as a QImage that owns its pixels."""
    pixels = np.ascontiguousarray(data)
    height, width, _channels = pixels.shape
    image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return image.copy()
