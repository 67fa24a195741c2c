"""What the web platform costs: its pages as a team grows, its start, its memory, the way of a submission."""
