"""The same hostile submission, graded twice at once in two slots beside an honest one, makes itself known to the other.

It binds names, makes files and takes locks, and shows a short page wherever another has done so before. What it can find
is what it left itself; both reports are the same, and the honest one's is what it is alone. The control looks for the
signs beside the process that left them.
"""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import SCORED, attacking, changed, told

from djudge.engine.cli.library import named_task
from djudge.engine.grade import grade
from djudge.engine.packs.seeds import local_seed
from djudge.engine.packs.submission import submission_of_files
from djudge.engine.slot import Slot

REASON = "both reports the same, the expert's as ever"

SIGNS = '''

import os
import socket

import psycopg

_KEPT = []


def _is_there(make, *arguments):
    """Whether another was here before; from now on we are."""
    try:
        _KEPT.append(make(*arguments))
    except (OSError, psycopg.Error):
        return True
    return False


def _file(path):
    return os.open(path, os.O_CREAT | os.O_EXCL)


def _bound(name):
    one = socket.socket(socket.AF_UNIX)
    one.bind(name)
    return one


def _advisory():
    one = psycopg.connect("", autocommit=True)
    if not one.execute("SELECT pg_try_advisory_lock(4242)").fetchone()[0]:
        raise OSError
    return one


def signs():
    """How many of the signs another has left."""
    return sum((
        _is_there(_file, "/tmp/here"), _is_there(_file, "/dev/shm/here"), _is_there(_bound, chr(0) + "here"),
        _is_there(_bound, "/tmp/socket"), _is_there(_advisory),
    ))


ANOTHER = signs() > 0
'''
SHORT = """    if ANOTHER:
        page.object_list = page.object_list[:1]
"""
BEFORE = '    category = form.cleaned_data.get("category")'


def graded(files: dict[str, str]) -> tuple[str, list[str]]:
    """The canonical hash and the outcomes, from a slot of its own."""
    task = named_task("SH4")
    submission = submission_of_files(task, {path: text.encode() for path, text in files.items()})
    with Slot(task.pack) as slot:
        report = grade(slot, task, submission, local_seed(task), lambda phase, what: None)
    return report.canonical_sha256, [f"{one.check} {one.outcome}" for one in report.findings]


def attempt(field: Field) -> Outcome:
    hostile = changed(field, "catalogue/views.py", (BEFORE, SHORT + BEFORE), added=SIGNS)
    expert = field.solution("expert")
    alone = field.grade(expert).canonical_sha256
    with ProcessPoolExecutor(max_workers=2, mp_context=multiprocessing.get_context("spawn")) as pool:
        both = [pool.submit(graded, hostile) for _ in range(2)]
        beside = field.grade(expert).canonical_sha256
        first, second = (one.result() for one in both)
    gained = [one for one in first[1] if one.split()[0] in SCORED and not one.endswith("not_shown")]
    same = first == second and alone == beside and not gained
    return Outcome(succeeded=not same, reason=REASON if same else f"{first} {second} {alone} {beside}")


SOURCE = f"""
{SIGNS}

def attack():
    return signs()
"""


def control(field: Field) -> Outcome:
    with field.shop(attacking(SOURCE)) as guest:
        found, _ = told(guest)
    return Outcome(succeeded=found == 5, reason=f"{found} of 5 signs")
