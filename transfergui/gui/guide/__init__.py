"""The guide in the window: its pages, how they are drawn, and the window that shows them."""
