"""PostgreSQL, Valkey or the web server gone in the middle: what was acknowledged is kept, and the way goes on."""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.error import HTTPError

import pytest
import redis
from django.db import connection
from django.utils import timezone

from djudge.launch.supervisor import Supervisor
from djudge.web.grading import library, tasks
from djudge.web.grading.models import Result, State, Submission
from djudge.web.workspace import access, editing
from djudge.web.workspace import actions as workspace
from djudge.web.workspace.models import Work
from tests.web.conftest import Servers
from tests.web.processes import Point, wait_for, web, web_part, worker
from tests.web.settings import PLACE
from tests.web.stopping import BEFORE_COMMIT, COMMITTED
from tests.web.visitor import Visitor

TASK: Final = "python/retry-decorator"
FILE: Final = "toolbelt/retrying.py"
HAND_IN: Final = "djudge.web.workspace.actions.hand_in"

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("static_files")]


@pytest.fixture
def token(broker: redis.Redis) -> str:
    """A link to work that was saved and not handed in."""
    sitting = workspace.practise(TASK)
    work = access.work_of(sitting, 1)
    for path, text in library.solution(TASK, "expert").items():
        assert text is not None
        work.version = editing.save(work, path=path, text=text, version=work.version)
    return access.token_of(sitting)


def look_at_once(visitor: Visitor, path: str) -> list[str]:
    """The page as several people get it at the same moment, so that every process has some connections."""
    with ThreadPoolExecutor(8) as people:
        return list(people.map(visitor.get, [path] * 8))


@pytest.mark.parametrize(("when", "is_in"), [(BEFORE_COMMIT, False), (COMMITTED, True)])
def test_postgresql_is_killed_and_restarted_while_a_hand_in_commits(
    servers: Servers, token: str, when: str, is_in: bool, tmp_path: Path
) -> None:
    server = servers.postgres.process
    assert server is not None
    point = Point("the hand-in commits", "PostgreSQL", HAND_IN, when, 1, whom=str(server.pid))
    with web(**point.told(tmp_path / "killed")) as (_, address), ThreadPoolExecutor(1) as beside:
        visitor = Visitor(address)
        look_at_once(visitor, f"/work/{token}/1/")
        connection.close()
        answer = beside.submit(hand_in, visitor, token)
        assert server.wait(30) == -9, "killed there, and nowhere else"
        servers.postgres.start()  # here: a server ends with the thread that started it
        status, page = answer.result(30)
        kept = Work.objects.get()
        assert kept.files == library.solution(TASK, "expert")
        assert (kept.submission_id is not None) == is_in
        assert status == (200 if is_in else 500)
        assert ("in the queue" if is_in else "what was saved is kept. Please try again") in page
        look_at_once(visitor, f"/work/{token}/1/")
        assert "in the queue" in hand_in(visitor, token)[1]
    assert Submission.objects.count() == 1
    assert not is_in or Work.objects.get().submission_id == kept.submission_id


def hand_in(visitor: Visitor, token: str) -> tuple[int, str]:
    """The status, and what the page says."""
    try:
        return 200, visitor.post(f"/work/{token}/1/hand-in/")
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_valkey_is_away_when_somebody_hands_in_and_it_is_graded_when_it_is_back(servers: Servers, token: str) -> None:
    with web() as (_, address):
        visitor = Visitor(address)
        visitor.get(f"/work/{token}/1/")
        servers.kill_valkey()
        try:
            assert "in the queue" in visitor.post(f"/work/{token}/1/hand-in/")
        finally:
            servers.start_valkey()
    Submission.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    with worker("grading"):
        tasks.requeue()  # beat's, which would come within ten seconds
        wait_for(lambda: Submission.objects.get().state == State.GRADED)
    assert Result.objects.count() == 1


def test_valkey_is_away_and_pages_that_count_or_cache_answer_all_the_same(servers: Servers, token: str) -> None:
    with web() as (_, address):
        visitor = Visitor(address)
        servers.kill_valkey()
        try:
            visitor.get("/try/")
            assert "Hand in and see the report" in visitor.post("/try/")
            assert "waiting" in visitor.post(f"/work/{token}/1/run/")
            with pytest.raises(HTTPError, match="503") as told:
                visitor.get("/readyz")
            with told.value as answer:
                assert b'"database": "ok"' in answer.read()
        finally:
            servers.start_valkey()


def test_no_save_that_was_acknowledged_is_lost_when_the_web_server_is_killed(token: str) -> None:
    """Somebody types on, with a save for each line, while the server is killed and started again."""
    part, address = web_part({})
    said: list[str] = []
    supervisor = Supervisor(PLACE.folder("log"), said.append)
    supervisor.start(part)
    try:
        visitor = Visitor(address)
        acknowledged = _type_until_nobody_answers(visitor, token, supervisor)
        supervisor.watch(0.1)
        assert said == ["Web server ended (killed by SIGKILL) and is started again."]
        wait_for(part.is_ready)
        page = visitor.get(f"/work/{token}/1/?file={FILE}")
    finally:
        os.killpg(supervisor.process_id("Web server"), signal.SIGKILL)  # it would wait for open connections
        supervisor.stop()
    stored = Work.objects.get().files[FILE].splitlines()
    assert acknowledged >= 5
    assert stored[:acknowledged] == [f"# line {number}" for number in range(acknowledged)]
    assert len(stored) - acknowledged in (0, 1), "one more may have been on its way"
    assert f"# line {acknowledged - 1}" in page


def _type_until_nobody_answers(visitor: Visitor, token: str, supervisor: Supervisor) -> int:
    """How many lines were acknowledged. The kill comes from beside, at no certain point."""
    visitor.get(f"/work/{token}/1/")
    version, lines = Work.objects.get().version, 0
    five = threading.Event()

    def kill() -> None:
        five.wait(30)
        os.killpg(supervisor.process_id("Web server"), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        while lines < 500:
            text = "".join(f"# line {number}\n" for number in range(lines + 1))
            visitor.post(f"/work/{token}/1/save/", path=FILE, text=text, version=str(version + lines))
            lines += 1
            if lines == 5:
                five.set()
    except OSError:
        return lines
    finally:
        five.set()
        killer.join()
    raise AssertionError("it was not killed")
