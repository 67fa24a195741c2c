"""The protocol: a line of JSON asks, a line of JSON answers, one after the other. Ends when nobody asks any more."""

import importlib
import json
import os
import sys

from djudge.driver.faults import told

_PACKAGE = "djudge.driver"

#: Which module does what. They import Django, so they are loaded when they are asked for: a missing Django is then an
#: answer like any other.
_MODULES = {
    "set_up": "laying_over",
    "migrate": "filling",
    "load": "filling",
    "command": "filling",
    "people": "people",
    "make_person": "people",
    "routes": "routes",
    "belong": "routes",
    "examples": "examples",
    "get": "visiting",
}


def serve(asking, answering):
    """Answer until the other side closes its pipe."""
    for descriptor in (asking, answering):
        os.set_inheritable(descriptor, False)
    sys.path.insert(0, os.getcwd())
    with open(asking, encoding="utf-8") as questions, open(answering, "w", encoding="utf-8") as answers:
        for line in questions:
            answers.write(json.dumps(_answer(json.loads(line)), default=str) + "\n")
            answers.flush()


def _answer(question):
    """What was found, or what went wrong: never an exception, and a project that wants to exit does not."""
    name = question.pop("do")
    try:
        module = importlib.import_module(f"{_PACKAGE}.{_MODULES[name]}")
        return {"found": getattr(module, name)(**question)}
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit of a management command is an answer, too
        return {"fault": told(error)}
