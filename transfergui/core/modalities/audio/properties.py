"""What is measured of recordings, and by which of these figures one is a bad example."""

from __future__ import annotations

from transfergui.core.base.i18n import N_
from transfergui.core.data.properties import Fault, Property

PROPERTIES: tuple[Property, ...] = (
    Property("length", N_("Length of the recording"), of="either", unit="s"),
    Property("loudness", N_("Loudness"), of="either", unit="dB"),
    Property("noise", N_("Background noise"), unit="dB"),
    Property("silence", N_("Share of silence"), of="either"),
    Property("clipping", N_("Share of clipped values")),
    Property("sample_rate", N_("Sample rate"), unit="Hz"),
    Property("channels", N_("Number of channels")),
    Property("file_type", N_("File type"), "category"),
)

FAULTS: tuple[Fault, ...] = (
    Fault("clipping", "check.quality_clipped", "above", limit=0.01, apart=4, floor=0.002),
    Fault("silence", "check.quality_mostly_silent", "above", limit=0.95, apart=4, floor=0.05),
    Fault("loudness", "check.quality_quiet", "below", limit=-50, apart=4, floor=3),
)
