"""What each level of folders is: the classes, the split, a group."""
