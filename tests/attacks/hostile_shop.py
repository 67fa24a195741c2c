"""The shop as a place of attack: SQL that a guest sends, migrations that prepare it, and verdicts of whole gradings."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from djudge.engine.errors import CandidateFault, DjudgeError
from djudge.engine.packs.seeds import local_seed
from djudge.engine.packs.task_code import load_functions
from djudge.engine.packs.tree import start_tree
from djudge.engine.postgres.cluster import Cluster
from djudge.engine.postgres.databases import Connection, create_database
from djudge.engine.postgres.witness.reading import Reading
from djudge.engine.reports.document import Report
from djudge.engine.run import HOST, RunningGuest
from djudge.engine.sandbox.contract import Request
from djudge.engine.trying import Tried, try_visible_tests
from djudge.engine.values import Outcome as Mark
from tests.attacks.battery import Field, Outcome

#: What an attack on the grade wants: a mark that its slow page does not deserve.
SCORED: Final = ("growth", "rows", "queries")

#: Statements that a growing page may add before a naive measurement calls it growing.
_FLAT: Final = 4

#: The pool drops and clones while nobody waits for it.
_PATIENCE_SECONDS: Final = 10.0

#: Clones that the pool keeps for the next guests, to be left out of a look at all databases and roles.
WAITING_CLONES: Final = "SELECT datname FROM pg_database WHERE NOT datallowconn AND datname ~ '^d[0-9a-f]{20}$'"

_SESSIONS: Final = '''
import psycopg


def session(**options):
    """A connection of our own, past Django."""
    return psycopg.connect("", autocommit=True, **options)


def tried(session, statement, *parameters):
    """An empty text if it went through, else the SQLSTATE that refused it."""
    try:
        session.execute(statement, parameters or None)
    except psycopg.Error as error:
        return error.sqlstate or type(error).__name__
    return ""
'''
_URLS: Final = """
from django.http import HttpResponse, JsonResponse
from django.urls import include, path

from catalogue.attack import attack


def attacked(request):
    said = attack()
    return said if getattr(said, "streaming", False) else JsonResponse({"said": said})


urlpatterns = [
    path("attack/", attacked),
    path("accounts/", include("accounts.urls")),
    path("basket/", include("basket.urls")),
    path("desk/", include("desk.urls")),
    path("payments/", include("payments.urls")),
    path("", include("orders.urls")),
    path("", include("catalogue.urls")),
]
"""
_MIGRATION: Final = """
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [migrations.RunSQL({sql!r}, migrations.RunSQL.noop)]
"""
_COUNTING: Final = """
from django.db import connection
from django.test.utils import CaptureQueriesContext


def counted(get_response):
    def respond(request):
        with CaptureQueriesContext(connection) as queries:
            response = get_response(request)
        response["X-Queries"] = str(len(queries))
        return response

    return respond
"""


def start_file(field: Field, path: str) -> str:
    """A file as candidates receive it, to be altered."""
    return start_tree(field.task)[path].decode()


def changed(field: Field, path: str, *replaced: tuple[str, str], added: str = "") -> dict[str, str]:
    """A file of the start with some text replaced (each must be there), and more at its end."""
    text = start_file(field, path)
    for old, new in replaced:
        assert old in text, f"{path} no longer has {old!r}"
        text = text.replace(old, new, 1)
    return {path: text + added}


def migration(sql: str) -> dict[str, str]:
    """A migration of the candidate's that runs this SQL before the first request."""
    return {"catalogue/migrations/0002_attack.py": _MIGRATION.format(sql=sql)}


def attacking(source: str, *, prepared: str = "") -> dict[str, str]:
    """The shop with an address `/attack/`: `source` defines `attack()` returning JSON, and may import `sessions`."""
    files = {
        "catalogue/attack.py": source,
        "catalogue/sessions.py": _SESSIONS,
        "stallhouse/urls.py": _URLS,
    }
    return {**files, **(migration(prepared) if prepared else {})}


def told(guest: RunningGuest) -> tuple[Any, Reading]:
    """What the attack says of itself, and what the witness saw of it."""
    visit = guest.get("/attack/")
    assert visit.answer.status == 200, visit.answer.body[:2000]
    said = json.loads(visit.answer.body)
    return said["said"] if isinstance(said, dict) else said, visit.reading


def told_at_once(guest: RunningGuest) -> tuple[Any, Reading]:
    """The same, without waiting for sessions that the attack leaves busy."""
    answer = guest._guest.http(Request(method="GET", target="/attack/", headers=(HOST,)))
    return json.loads(answer.body)["said"], guest.stage.witness.read(guest.stage.database, guest.login, 0.2)


def unaccounted(guest: RunningGuest) -> int:
    """Stop the guest; how many reads PostgreSQL counted that no plan explains."""
    return guest.finish().audit.gap


def verdict(field: Field, files: Mapping[str, str], reason: str) -> Outcome:
    """The outcome of a submission that attacks its own grade: stopped where it earns nothing and `reason` is named.

    Named are the kinds of integrity findings, the gates that failed, and the candidate's fault.
    """
    try:
        report = field.grade(files)
    except CandidateFault:
        raise
    except DjudgeError as error:
        return Outcome(succeeded=True, reason=f"the grading ended with a fault of others: {error.what[:200]}")
    earned = [f"{one.check}: {one.outcome}" for one in report.findings if one.check in SCORED and _raised(one.outcome)]
    names = _names(report)
    if earned:
        return Outcome(
            succeeded=True, reason=f"earned {', '.join(earned)}, and was named {', '.join(names) or 'nothing'}"
        )
    return Outcome(succeeded=False, reason=reason if reason in names else ", ".join(names) or "nothing was named")


def _raised(mark: str) -> bool:
    return mark in (Mark.SHOWN, Mark.PARTLY)


def _names(report: Report) -> list[str]:
    gates = [f"gate {one.check}" for one in report.findings if one.gate and not _raised(one.outcome)]
    fault = [report.fault.kind] if report.fault else []
    return [*(one.kind for one in report.integrity), *gates, *fault]


def targets(field: Field) -> tuple[str, str]:
    """The pages with 6 and with 24 products: where an N+1 shows."""
    drawn = load_functions(field.task).observe.__globals__["Shelves"].drawn(local_seed(field.task).random("arrange"))
    return drawn.few.target, drawn.plain.target


def fools_a_count_in_the_process(field: Field, files: Mapping[str, str]) -> Outcome:
    """Whether Django's own count of queries, taken inside the guest, calls the page flat. The control of many."""
    settings = files.get("stallhouse/settings.py") or start_file(field, "stallhouse/settings.py")
    counting = {
        "catalogue/counting_naively.py": _COUNTING,
        "stallhouse/settings.py": settings + '\nMIDDLEWARE = ["catalogue.counting_naively.counted", *MIDDLEWARE]\n',
    }
    counts = []
    for target in targets(field):
        with field.shop({**files, **counting}) as guest:
            headers = {name.lower(): value for name, value in guest.get(target).answer.headers}
            counts.append(int(headers["x-queries"]))
    return Outcome(succeeded=counts[1] - counts[0] <= _FLAT, reason=f"counted {counts} queries at 6 and 24 products")


def seen_executions(field: Field, files: Mapping[str, str]) -> list[int]:
    """Statements that the witness counts on the same two pages."""
    counts = []
    for target in targets(field):
        with field.shop(files) as guest:
            counts.append(guest.get(target).reading.executions)
    return counts


def tried_visible_tests(field: Field, files: Mapping[str, str]) -> Tried:
    """What `djudge try` makes of a submission. The slot has the shop's data again afterwards."""
    seed = local_seed(field.task)
    try:
        return try_visible_tests(field.slot, field.task, field.submission(files), seed, lambda phase, what: None)
    finally:
        field.slot.open(field.task, seed, lambda phase, what: None)


def left_after(look: Callable[[], set[tuple[object, ...]]], before: set[tuple[object, ...]]) -> list[str]:
    """What a look finds that an earlier one did not: a run's database is dropped a moment after its guest."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while (left := look() - before) and time.monotonic() < end:
        time.sleep(0.05)
    return sorted(map(str, left))


def cluster_of(field: Field) -> Cluster:
    """The slot's server, for controls that leave out the layer of being an ordinary role."""
    return field.slot._opened().cluster


@contextmanager
def as_superuser(field: Field) -> Iterator[Connection]:
    """A superuser in an empty database of ours: what a guest is not. Gone afterwards."""
    cluster = cluster_of(field)
    database = create_database(cluster)
    try:
        with cluster.connect_admin(database.name) as connection:
            yield connection
    finally:
        database.drop()
