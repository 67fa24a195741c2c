"""Jobs, candidates, and what is decided about them."""
