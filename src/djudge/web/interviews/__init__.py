"""Questions for people to ask people: what to listen for, and how to tell answers apart."""
