"""A project of the operator's own, asked over its own addresses: what grows with the data, and who gets in where."""
