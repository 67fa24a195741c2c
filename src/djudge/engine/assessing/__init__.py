"""Several tasks of one candidate: a bundle of submissions graded task by task, and one report of them all."""
