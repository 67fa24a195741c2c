"""What a guest does for honest code, and what it says of code that can't start."""

from __future__ import annotations

import pytest
from tests.sandbox.conftest import LIMITS, WSGI, ask, is_root, project, run_code, views

from djudge.engine.errors import CandidateFault, OperatorFault, TaskFault
from djudge.engine.sandbox.contract import Identity, Layer, Limits, Request
from djudge.engine.sandbox.sandbox import Sandbox


def test_a_project_is_set_up_migrated_and_answers(sandbox: Sandbox) -> None:
    phases: list[str] = []
    with sandbox.spawn(project(), entry=WSGI, limits=LIMITS, on_phase=phases.append) as guest:
        guest.ready()
        first, second = guest.http(Request(target="/")), guest.http(Request(target="/"))
    assert phases == ["starting", "migrating", "starting", "observing"]
    assert (first.status, first.body, first.truncated) == (200, b"1 stalls", False)
    assert second.body == b"2 stalls"
    assert ("Content-Type", "text/html; charset=utf-8") in first.headers


def test_method_headers_query_and_body_arrive_as_they_were_sent(sandbox: Sandbox) -> None:
    tree = views("""
        def home(request):
            said = (request.method, request.GET["q"], request.headers["X-Stall"], request.content_type,
                    len(request.body), request.path)
            return HttpResponse(repr(said), status=201)
    """)
    asked = Request(
        method="POST",
        target="/?q=K%C3%A4se",
        headers=[("X-Stall", "7"), ("Content-Type", "application/json")],
        body=b"x" * 150_000,
    )
    with sandbox.spawn(tree, entry=WSGI, limits=LIMITS) as guest:
        answer = guest.http(asked)
    assert answer.status == 201
    assert answer.body.decode() == repr(("POST", "Käse", "7", "application/json", 150_000, "/"))


def test_a_streamed_answer_arrives_whole_and_in_pieces(sandbox: Sandbox) -> None:
    answer = ask(sandbox, views("""
        def home(request):
            return StreamingHttpResponse(b"x" * 100_000 for _ in range(10))
    """))  # fmt: skip
    assert (len(answer.body), answer.truncated) == (1_000_000, False)
    assert answer.chunks == 20


def test_an_answer_that_breaks_off_is_marked(sandbox: Sandbox) -> None:
    answer = ask(sandbox, views("""
        def home(request):
            def pieces():
                yield b"one"
                raise ValueError("no more")
            return StreamingHttpResponse(pieces())
    """))  # fmt: skip
    assert (answer.body, answer.truncated) == (b"one", True)


def test_an_exception_in_a_view_is_an_answer_of_500_and_the_guest_goes_on(sandbox: Sandbox) -> None:
    tree = views("""
        def home(request):
            if "fail" in request.GET:
                print("a word before the end")
                raise ValueError("broken view")
            return HttpResponse("fine")
    """)
    with sandbox.spawn(tree, entry=WSGI, limits=LIMITS) as guest:
        assert guest.http(Request(target="/?fail=1")).status == 500
        assert guest.http(Request(target="/")).body == b"fine"
        said = guest.stop().output.decode().splitlines()
    assert (said[0], said[-1]) == ("a word before the end", "ValueError: broken view")


def test_a_command_gives_its_status_and_its_output(sandbox: Sandbox) -> None:
    entry = {"kind": "command", "settings": "project.settings", "argv": ["check"]}
    with sandbox.spawn(project(), entry=entry, limits=LIMITS) as guest:
        result = guest.wait()
    assert (result.status, result.output) == (0, b"System check identified no issues (0 silenced).\n")
    with sandbox.spawn(project(), entry=entry | {"argv": ["no_such_command"]}, limits=LIMITS) as guest:
        result = guest.wait()
    assert result.status == 1
    assert b"Unknown command: 'no_such_command'" in result.output


def test_a_module_runs_as_python_m_would(sandbox: Sandbox) -> None:
    assert run_code(sandbox, "import sys; print(__name__); sys.exit(3)") == (3, "__main__\n")
    assert run_code(sandbox, "print('fine')") == (0, "fine\n")
    status, output = run_code(sandbox, "raise ValueError('no')")
    assert status == 1
    assert "ValueError: no" in output


@pytest.mark.parametrize(
    ("changed", "phase", "kind", "file", "line"),
    [
        ({"settings": "import nothing_like_it"}, "starting", "import_error", "project/settings.py", 1),
        ({"settings": "\nDEBUG = ("}, "starting", "syntax_error", "project/settings.py", 2),
        ({"settings": "x = 1\nx / 0"}, "starting", "settings_error", "project/settings.py", 2),
        ({"models": "import nothing_like_it"}, "starting", "import_error", "stalls/models.py", 1),
        ({"models": "\n\nx = 1 / 0"}, "starting", "setup_error", "stalls/models.py", 3),
        ({"models": "raise MemoryError"}, "starting", "memory_limit", "stalls/models.py", 1),
        ({"models": "raise SystemExit(0)"}, "starting", "exited", "stalls/models.py", 1),
        ({"models": "import os; os._exit(0)"}, "starting", "died", None, None),
        ({"migration": "raise ValueError('no')"}, "migrating", "migration_error", None, 1),
        ({"migration": "import nothing_like_it"}, "migrating", "import_error", None, 1),
    ],
)
def test_code_that_can_not_start_is_told_with_its_place(
    sandbox: Sandbox, changed: dict[str, str], phase: str, kind: str, file: str | None, line: int | None
) -> None:
    with sandbox.spawn(project(**changed), entry=WSGI, limits=LIMITS) as guest, pytest.raises(CandidateFault) as caught:
        guest.ready()
    fault = caught.value
    expected = "stalls/migrations/0001_initial.py" if "migration" in changed else file
    assert (fault.phase, fault.kind, fault.file, fault.line) == (phase, kind, expected, line)
    if file:
        assert "Traceback" in fault.detail


def test_every_guest_starts_from_the_same_state(sandbox: Sandbox) -> None:
    code = """
        import os, random, sys, time
        import django
        print(hash("stall"), time.tzname, os.environ["LANG"], getattr(django, "poisoned", False), sys.path[0])
        django.poisoned = True
    """
    first, second = run_code(sandbox, code), run_code(sandbox, code)
    assert first == second
    assert "('UTC', 'UTC') C.UTF-8 False /app" in first[1]
    chance = "import random; print(random.random())"
    assert run_code(sandbox, chance) != run_code(sandbox, chance)


def test_two_guests_run_at_once_and_know_nothing_of_each_other(sandbox: Sandbox) -> None:
    with (
        sandbox.spawn(project(), entry=WSGI, limits=LIMITS) as one,
        sandbox.spawn(project(), entry=WSGI, limits=LIMITS) as other,
    ):
        assert one.http(Request(target="/")).body == b"1 stalls"
        assert other.http(Request(target="/")).body == b"1 stalls"


def test_the_environ_is_what_was_given_and_nothing_of_the_judge(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJUDGE_TEST_SECRET", "hidden")
    status, output = run_code(sandbox, "import os; print(sorted(os.environ.items()))", environ={"GIVEN": "yes"})
    assert status == 0
    assert "('GIVEN', 'yes')" in output
    assert "hidden" not in output


def test_limits_of_nothing_are_the_task_authors_fault() -> None:
    for wrong in (0, -1, float("nan"), float("inf")):
        with pytest.raises(TaskFault, match="memory_mb"):
            Limits(memory_mb=wrong)  # type: ignore[arg-type]
    assert Limits(memory_mb=1).memory_mb == 1


def test_a_tree_never_leaves_its_folder(sandbox: Sandbox) -> None:
    for path in ("../escape.py", "/escape.py", "a//b.py", "a/../b.py", "", "a\0b"):
        with pytest.raises(ValueError, match="no path inside a tree"):
            sandbox.spawn({path: b""}, entry=WSGI)
    many = {f"folder/number_{number}.py": b"x" * number for number in range(2000)}
    code = {"attempt.py": b"import os; print(len(os.listdir('folder')))"}
    with sandbox.spawn(many | code, entry={"kind": "command", "module": "attempt"}, limits=LIMITS) as guest:
        assert guest.wait().output == b"2000\n"


def test_root_needs_a_user_for_its_guests(sandbox: Sandbox, environment) -> None:
    if not is_root():
        pytest.skip("an ordinary user's guests run in a user namespace")
    for identity in (None, Identity(0, 0), Identity(0, 5)):
        with pytest.raises(OperatorFault, match="user of its own"):
            Sandbox(environment=environment, identity=identity)


def test_what_rests_on_no_new_privs_is_left_out_with_it(environment) -> None:
    with pytest.raises(ValueError, match="no_new_privs"):
        Sandbox(environment=environment, without=frozenset({Layer.NO_NEW_PRIVS, Layer.IDENTITY}))
