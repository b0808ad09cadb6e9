"""What is measured of texts, and by which of these figures one is a bad example."""

from __future__ import annotations

from transfergui.core.base.i18n import N_
from transfergui.core.data.properties import Fault, Property

PROPERTIES: tuple[Property, ...] = (
    Property("characters", N_("Length in characters"), of="either"),
    Property("words", N_("Length in words"), of="either"),
    Property("word_length", N_("Length of words"), of="either"),
    Property("punctuation", N_("Punctuation"), of="either"),
    Property("end", N_("Last character"), "category", remedy="check.shortcuts_ending"),
    Property("capitals", N_("Capital letters"), of="either"),
    Property("digits", N_("Digits"), of="either"),
    Property("spaces", N_("Spaces at the ends"), unit=""),
    Property("lines", N_("Number of lines")),
    Property("language", N_("Language"), "category", of="either"),
)

FAULTS: tuple[Fault, ...] = (Fault("language", "check.quality_language", "other"),)
