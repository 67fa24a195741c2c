"""What may be sent to the basket. Nothing here yet: the views read the fields themselves."""
