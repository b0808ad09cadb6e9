"""The views that there are, in the order in which they are listed."""

from transfergui.core.views.view import View

VIEWS: tuple[View, ...] = ()
