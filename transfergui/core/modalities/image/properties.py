"""What is measured of pictures, and by which of these figures one is a bad example."""

from __future__ import annotations

from transfergui.core.base.i18n import N_
from transfergui.core.data.properties import Fault, Property

SAVED = ("jpeg_quality", "width", "height", "file_type", "colour_mode")
"""How a picture was saved, which makes its file large or small."""
RESAVE = "check.shortcuts_resave"

PROPERTIES: tuple[Property, ...] = (
    Property(  # much detail makes it large
        "file_size", N_("File size"), of="either", follows=SAVED, remedy=RESAVE
    ),
    Property("file_type", N_("File type"), "category", remedy=RESAVE),
    Property("colour_mode", N_("Colour mode of the file"), "category", remedy=RESAVE),
    Property("jpeg_quality", N_("JPEG quality"), remedy=RESAVE),
    Property("camera", N_("Camera"), "category"),
    Property("width", N_("Picture width"), unit="px", remedy=RESAVE),
    Property("height", N_("Picture height"), unit="px", remedy=RESAVE),
    Property("ratio", N_("Ratio of width to height"), of="either"),
    Property("brightness", N_("Brightness"), of="either"),
    Property("highest_brightness", N_("Brightness of the lightest parts"), of="either"),
    Property("lowest_brightness", N_("Brightness of the darkest parts"), of="either"),
    Property("contrast", N_("Contrast"), of="either"),
    Property("saturation", N_("Colour saturation"), of="either"),
    Property("red", N_("Amount of red"), of="either"),
    Property("green", N_("Amount of green"), of="either"),
    Property("blue", N_("Amount of blue"), of="either"),
    Property("sharpness", N_("Sharpness"), of="either"),
    Property("border_brightness", N_("Brightness at the border")),
    Property("border_contrast", N_("Contrast at the border")),
)

FAULTS: tuple[Fault, ...] = (
    Fault("highest_brightness", "check.quality_dark", "below", limit=60, apart=4, floor=10),
    Fault("lowest_brightness", "check.quality_bright", "above", limit=235, apart=4, floor=10),
    Fault("sharpness", "check.quality_blurred", "below", limit=0.42, apart=4, floor=0.04),
    Fault("plain", "check.quality_nearly_empty", "above", limit=0.985, apart=4, floor=0.02),
)
