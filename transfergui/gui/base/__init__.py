"""What every part of the window stands on: style, tasks, bug reports, files, numbers in words."""
