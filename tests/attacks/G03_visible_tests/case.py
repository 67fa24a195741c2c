"""Runs the visible tests with settings that search everything in reach for checks, solutions, seeds and hidden data.

`djudge try` runs them in a guest like any other, on empty tables, with our runner beside them and nothing else of ours.
The control searches the same texts in the checkout.
"""

import json
from pathlib import Path

from tests.attacks.B01_walks_the_root.case import PLACES, SOURCE, hidden_texts
from tests.attacks.battery import CHECKOUT, Field, Outcome
from tests.attacks.commands import called, work_folder

REASON = "the tests run, and there is nothing to find"
MARK = "FOUND: "
SETTINGS = "stallhouse/settings.py"
SEARCHES = """

import gc, json, psycopg
{source}

def _rows():
    with psycopg.connect("") as one:
        tables = [name for (name,) in one.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'catalogue%'")]
        return {{name: one.execute(f"SELECT count(*) FROM {{name}}").fetchone()[0] for name in tables}}

def _remembered(*turned):
    texts = [bytes(255 - value for value in bytes.fromhex(text)).decode() for text in turned]
    return [one[:50] for one in gc.get_objects() if isinstance(one, str) and any(text in one for text in texts)]

_said = attack({places!r}, *{texts!r})
_said["rows"] = sum(_rows().values())
_said["tables"] = len(_rows())
_said["remembered"] = _remembered(*{texts!r})
_said["environment"] = [one for one in os.environ.values() if {canary!r} in one[::-1]]
print({mark!r} + json.dumps(_said), flush=True)
"""


def attempt(field: Field) -> Outcome:
    with work_folder(field) as folder:
        work = folder / "work"
        called("start", field.task.id, work)
        (work / SETTINGS).write_text((work / SETTINGS).read_text() + _searching(field))
        tried = called("try", work, "--json")
    if tried.status or MARK not in tried.out:
        return Outcome(succeeded=False, reason=f"{tried.err[-300:]} {tried.out[-300:]}")
    output = json.loads(tried.out)["output"]
    said = json.loads(output.partition(MARK)[2].partition("\n")[0])
    return _outcome(said, whole="OK" in output)


def _searching(field: Field) -> str:
    texts = [bytes(255 - value for value in text).hex() for text in hidden_texts(field)]
    #: The canary's name is turned as well, or it would be found in this very text.
    places = ":".join((*PLACES, str(Path.home())))
    return SEARCHES.format(source=SOURCE, places=places, texts=texts, canary=field.canary[::-1], mark=MARK)


def _outcome(said: dict[str, object], *, whole: bool) -> Outcome:
    found = {name: said[name] for name in ("found", "rows", "remembered", "environment") if said[name]}
    searched = int(str(said["looked"])) > 1000 and int(str(said["tables"])) > 5 and whole
    if found:
        return Outcome(succeeded=True, reason=str(found))
    return Outcome(succeeded=False, reason=REASON if searched else f"did not search: {said}")


def control(field: Field) -> Outcome:
    texts = hidden_texts(field)
    places = [CHECKOUT / "src/djudge/engine/grade.py", field.task.folder / "judge.py", field.task.folder / "observe.py"]
    found = [text for text in texts for place in places if text in place.read_bytes()]
    return Outcome(succeeded=len(found) == 3, reason=f"found {len(found)}")
