"""A sample team for the first look: everything in it is real, graded live, and goes with one button."""
