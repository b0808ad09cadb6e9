"""Files beside the samples that mark what occurs in them: boxes, times, lists of parts."""
