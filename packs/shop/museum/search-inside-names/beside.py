"""Part of a name, as people type it: it is a little over one product in a hundred."""


def given():
    return {"text": "glazed teap"}
