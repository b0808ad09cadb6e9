"""The program around the panels: start, main window, menus, stages and help."""
