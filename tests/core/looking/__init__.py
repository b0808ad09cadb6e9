"""Tests of :mod:`transfergui.core.looking`."""
