"""The checks of the open data: done in the background, shown with what can be done about them."""
