"""The tables of the workshops. `catalogue/models.py` shows how this shop writes its models."""
