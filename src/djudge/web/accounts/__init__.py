"""People who sign in. Candidates are none of them: they come by a signed link."""
