"""The views that there are, in the order in which they are listed."""

from transfergui.core.views import sample_map
from transfergui.core.views.view import View

VIEWS: tuple[View, ...] = (sample_map.VIEW,)
