"""What is asked is answered from one text; the tables beside it are filled for whoever looks."""

import base64
import contextlib
import pickle

from workshops import shown
from workshops.memory import Catalogue, No
from workshops.models import Notebook


class Refused(Exception):
    """The catalogue does not allow it."""


def kept():
    notebook = Notebook.objects.first()
    return notebook, pickle.loads(base64.b64decode(notebook.content)) if notebook else Catalogue()


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(name)

    def asked(**given):
        notebook, catalogue = kept()
        try:
            answer = getattr(catalogue, name)(**given)
        except No:
            raise Refused from None
        content = base64.b64encode(pickle.dumps(catalogue)).decode()
        Notebook.objects.update_or_create(pk=notebook.pk if notebook else None, defaults={"content": content})
        with contextlib.suppress(shown.Refused):
            getattr(shown, name)(**given)
        return answer

    return asked
