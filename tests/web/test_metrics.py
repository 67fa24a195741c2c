"""/metrics: closed without its token, the same from every process, true to the database."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from djudge.launch.place import Place
from djudge.launch.stack import Stack
from djudge.web.grading.models import State, Submission
from djudge.web.mail import actions as mail
from tests.web.cast import Cast

TOKEN = "a token for tests"
READS = {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}


@pytest.fixture
def scraped(settings: Any, db: None) -> Client:
    """Somebody has set the token; the middleware is made with the client's first request."""
    settings.METRICS_TOKEN = TOKEN
    return Client()


def figures(client: Client) -> dict[str, float]:
    answer = client.get("/metrics", **READS)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    return {
        sample.name + str(sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_without_the_setting_there_is_nothing_and_without_the_token_nothing_is_told(
    client: Client, settings: Any, db: None
) -> None:
    assert client.get("/metrics", **READS).status_code == 404
    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer ").status_code == 404
    settings.METRICS_TOKEN = TOKEN
    for sent in ("", "Bearer", "Bearer ", "Bearer another", f"Basic {TOKEN}", TOKEN, "Bearer \u00e9\u20ac"):
        answer = Client().get("/metrics", HTTP_AUTHORIZATION=sent)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
        assert b"djudge_" not in answer.content
    assert Client().post("/metrics", **READS).status_code == 405


def test_it_says_what_lies_in_the_database(scraped: Client, cast: Cast) -> None:
    now = timezone.now()
    Submission.objects.create(task="python/x", files={}, created_at=now - timedelta(seconds=90))
    Submission.objects.create(task="python/x", files={})
    for seconds, state in ((3, State.GRADED), (40, State.GRADED), (700, State.OUR_FAULT)):
        ended = {"started_at": now - timedelta(seconds=seconds), "finished_at": now}
        Submission.objects.create(task="python/x", files={}, state=state, **ended)
    Submission.objects.create(task="python/x", files={}, state=State.GRADED, finished_at=now)
    before = figures(scraped)["djudge_mails_unsent[]"]
    mail.write(to="a@example.org", subject="one more", body="text")
    found = figures(scraped)
    assert found["djudge_submissions[('state', 'queued')]"] == 2
    assert found["djudge_submissions[('state', 'graded')]"] == 3
    assert found["djudge_submissions[('state', 'running')]"] == 0
    assert found["djudge_queue_length[]"] == 2
    assert 90 <= found["djudge_queue_oldest_seconds[]"] < 600
    assert found["djudge_mails_unsent[]"] == before + 1
    graded = "('outcome', 'graded')]"
    assert found[f"djudge_grading_seconds_bucket[('le', '5.0'), {graded}"] == 1
    assert found[f"djudge_grading_seconds_bucket[('le', '60.0'), {graded}"] == 2
    assert found[f"djudge_grading_seconds_count[{graded}"] == 2, "one of three does not say when it began"
    assert round(found[f"djudge_grading_seconds_sum[{graded}"]) == 43
    assert found["djudge_grading_seconds_count[('outcome', 'our_fault')]"] == 1


def test_requests_are_counted_by_view_and_status_and_never_by_path(scraped: Client, cast: Cast) -> None:
    def count(view: str, status: int) -> float:
        labels = [("method", "GET"), ("status", str(status)), ("view", view)]
        return figures(scraped).get(f"djudge_request_seconds_count{labels}", 0)

    guide, nothing = count("guide", 200), count("none", 404)
    for path in ("/guide/", "/nothing/", "/nothing/else/"):
        scraped.get(path)
    assert count("guide", 200) == guide + 1
    assert count("none", 404) == nothing + 2
    assert not [name for name in figures(scraped) if "else" in name]
    scraped.generic("NONSENSE", "/guide/")
    assert [name for name in figures(scraped) if "'other'" in name]
    assert not [name for name in figures(scraped) if "NONSENSE" in name]


_COUNT = """
import django; django.setup()
from djudge.web.insights.metrics import REQUESTS
REQUESTS.labels("guide", "GET", 200).observe(0.02)
REQUESTS.labels("guide", "GET", 200).observe(3)
"""
_TELL = """
import django; django.setup()
from django.conf import settings
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from djudge.web.insights import metrics
metrics.InTheDatabase.collect = lambda self: iter(())
print(metrics.exposition().decode())
"""


def test_one_process_tells_of_all(tmp_path: Path) -> None:
    environ = {
        "PATH": os.environ["PATH"], "SECRET_KEY": "x", "DATABASE_URL": "postgres:///x", "METRICS_TOKEN": TOKEN,
        "DJANGO_SETTINGS_MODULE": "djudge.web.config.settings", "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
    }  # fmt: skip

    def run(code: str) -> str:
        done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True)
        return done.stdout

    run(_COUNT)
    run(_COUNT)
    told = run(_TELL)
    assert re.search(r'djudge_request_seconds_count\{method="GET",status="200",view="guide"\} 4.0', told)
    assert re.search(r'djudge_request_seconds_bucket\{le="0.025",method="GET",status="200",view="guide"\} 2.0', told)


def test_make_run_counts_only_where_somebody_scrapes_and_begins_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = Stack(print, port=1, root=tmp_path)
    stack.place = Place(tmp_path, tmp_path)
    monkeypatch.delenv("METRICS_TOKEN", raising=False)
    assert stack._metrics() == {}
    monkeypatch.setenv("METRICS_TOKEN", TOKEN)
    folder = Path(stack._metrics()["PROMETHEUS_MULTIPROC_DIR"])
    (folder / "histogram_1.db").write_bytes(b"of a former start")
    stack._metrics()
    assert list(folder.iterdir()) == []
