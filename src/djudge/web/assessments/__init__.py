"""Sets of tasks that a team asks candidates for: at most 90 minutes, with the guide's wishes answered."""
