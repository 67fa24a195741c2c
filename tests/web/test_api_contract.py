"""The schema of the API: complete, as it is committed, and true under inputs that nobody would think of."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
import yaml
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode

from djudge.web.hiring.models import Candidate
from tests.web.everything import Everything
from tests.web.programs import program_of

SNAPSHOT: Final = Path(__file__).parents[2] / "docs" / "reference" / "api-v1.yaml"

#: An example costs some ten milliseconds; in all it stays below two minutes.
EXAMPLES: Final = int(os.environ.get("API_EXAMPLES", "12"))

#: What a schema can't know: which ids there are, and that another level than 2 needs a reason.
NOT_ASKED: Final = ("positive_data_acceptance",)


def written() -> str:
    """The schema, as the command writes it."""
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    return out.getvalue()


def test_the_schema_is_as_it_is_committed_and_made_without_a_warning() -> None:
    text = written()
    if os.environ.get("WRITE_SNAPSHOT"):
        SNAPSHOT.write_text(text)
    assert text == SNAPSHOT.read_text(), "The API has changed: run this test once more with WRITE_SNAPSHOT=1."


def test_everybody_can_read_the_schema(client: Any) -> None:
    answer = client.get("/api/v1/schema/")
    assert answer.status_code == 200
    assert yaml.safe_load(answer.content)["openapi"].startswith("3.1")


@pytest.fixture
def patience(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for each in ("asking", "writing", "guest"):
        monkeypatch.setitem(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], each, "1000000/minute")


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests leave the test's connection open, as Django's own test client sees to it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.timeout(240)
@pytest.mark.django_db
def test_the_api_keeps_what_the_schema_promises(everything: Everything, patience: None, one_connection: None) -> None:
    """Right and wrong data for each operation, from a program of Hamid's, who may do all of it; with ids of things that
    there are as often as with others."""
    secret = program_of(everything.cast.hamid, everything.cast.team).secret
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", get_wsgi_application())
    load_all_checks()
    checks = [check for check in CHECKS.get_all() if check.__name__ not in NOT_ASKED]
    known = _known(everything)
    tried, wrong = 0, []
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                tried += _try(operation, mode, known, checks, secret)
            except FailureGroup as group:
                wrong += [f"{operation.label}: {each}" for each in group.exceptions]
    assert not wrong, "\n\n".join(wrong)
    assert tried > 400


def _try(operation: Any, mode: GenerationMode, known: dict[str, list[str]], checks: list[Any], secret: str) -> int:
    count = 0

    @seed(20261127)
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode), number=st.integers(0, 5))
    def once(case: Any, number: int) -> None:
        nonlocal count
        count += 1
        _with_known(case, known, number)
        case.call_and_validate(checks=checks, headers={"Authorization": f"Bearer {secret}", "Host": "localhost"})

    once()
    return count


def _with_known(case: Any, known: dict[str, list[str]], number: int) -> None:
    """Ids that were drawn at random become such that there are, in four of six cases."""
    kind = case.path.split("/")[3]
    if number < 4 and _is_id(case.path_parameters.get("id")):
        case.path_parameters["id"] = known[kind][number % len(known[kind])]
    if number < 4 and isinstance(case.body, dict):
        for name in ("application", "job"):
            if _is_id(case.body.get(name)):
                case.body[name] = known[f"{name}s"][number % len(known[f"{name}s"])]


def _is_id(value: Any) -> bool:
    try:
        return bool(uuid.UUID(value))
    except (ValueError, TypeError, AttributeError):
        return False


def _known(it: Everything) -> dict[str, list[str]]:
    cast = it.cast
    found = {
        "jobs": [cast.job.pk],
        "assessments": [cast.assessment.pk],
        "applications": [cast.application.pk, it.invited.application_id, it.decided.pk, it.alike.pk],
        "candidates": list(Candidate.objects.filter(team=cast.team).values_list("pk", flat=True)),
        "invitations": [it.graded.pk, it.working.pk, it.invited.pk],
        "submissions": [it.work.submission_id],
        "notes": list(cast.application.notes.values_list("pk", flat=True)),
        "decisions": list(it.decided.decisions.values_list("pk", flat=True)),
        "interviews": [it.talk.pk],
        "scorecards": [it.talk.scorecards.get(rater=cast.hamid).pk],
    }
    return {name: [str(each) for each in ids] for name, ids in found.items()}
