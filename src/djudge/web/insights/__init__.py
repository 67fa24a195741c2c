"""What a team can learn from its own rows: where people wait, what tasks tell, what work is alike, and figures for
operators. Nothing here scores or decides."""
