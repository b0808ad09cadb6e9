"""The export formats that there are: one line for each."""

from transfergui.core import registry
from transfergui.core.base.i18n import N_
from transfergui.core.exporters.backbone import BackboneFile
from transfergui.core.exporters.exporter import Exporter
from transfergui.core.exporters.html import Html
from transfergui.core.exporters.onnx import Onnx
from transfergui.core.exporters.package import Package
from transfergui.core.exporters.pt2 import Pt2

EXPORTERS: tuple[Exporter, ...] = registry.unique(
    (Package(), Html(), Onnx(), Pt2(), BackboneFile())
)


def exporter(key: str) -> Exporter:
    """The format with this key.

    Raises:
        UserError: ``registry.unknown``.
    """
    return registry.find(N_("export format"), EXPORTERS, key)
