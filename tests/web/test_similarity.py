"""What works share, as facts: a renamed copy is found, and what nobody has from another counts for nothing."""

from __future__ import annotations

import ast
import io
import json
import re
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from djudge.web.grading import library
from djudge.web.grading.models import State, Submission
from djudge.web.hiring import actions as hiring
from djudge.web.hiring.models import Application, JobMember
from djudge.web.insights import actions, fingerprints, likeness, tasks
from djudge.web.insights.fingerprints import Texts
from djudge.web.insights.models import Comparison, Likeness
from djudge.web.organizations.models import Role
from djudge.web.workspace import actions as workspace
from djudge.web.workspace.models import Work
from djudge.web.workspace.personal_data import copy_of, erase
from tests.web.browsing import BACKEND
from tests.web.cast import OWN_WORK, TASKS, Cast, handed_in_alike

PATH = "toolbelt/retrying.py"


def applied(cast: Cast, name: str) -> Application:
    return hiring.apply(job=cast.job, name=name, email=f"{name.lower()}@example.org", lane="django-ready")


def shared(task: str, one: Texts, other: Texts, *, nothing: frozenset[bytes] | None = None) -> tuple[int, bool]:
    """How many lines, and whether that is much; only the start counts for nothing unless more is said."""
    start = library.workspace(task).files
    nothing = fingerprints.grams_of([start]) if nothing is None else nothing
    runs = [fingerprints.runs_of(each, start) for each in (one, other)]
    found = fingerprints.shared_by(*runs, nothing)
    return found.lines, fingerprints.is_much(found, *runs, nothing)


class _Renamed(ast.NodeTransformer):
    """Other names for everything that somebody named, as far as that does not matter here."""

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = f"their_{node.id}"
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg = f"their_{node.arg}"
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name = f"their_{node.name}"
        self.generic_visit(node)
        return node


def renamed(texts: Texts) -> dict[str, str]:
    """Other names, another layout, no comments."""
    return {
        path: ast.unparse(_Renamed().visit(ast.parse(text))) for path, text in texts.items() if path.endswith(".py")
    }


@pytest.mark.parametrize("task", ["python/retry-decorator", "python/ttl-cache", "shop/facets", "shop/session-basket"])
def test_independent_solutions_of_one_task_share_nothing_unusual(task: str) -> None:
    """The packs' own, by what each knew: a junior's and an expert's."""
    one, other = library.solution(task, "junior"), library.solution(task, "expert")
    lines, much = shared(task, one, other)
    assert not much
    assert lines < fingerprints.FEWEST_LINES


@pytest.mark.parametrize("task", ["python/retry-decorator", "python/ttl-cache", "shop/facets", "shop/session-basket"])
def test_a_renamed_and_reformatted_copy_is_found(task: str) -> None:
    solution = library.solution(task, "expert")
    copy = renamed(solution)
    assert set(copy.values()).isdisjoint(solution.values())
    lines, much = shared(task, solution, copy)
    assert much
    assert lines > fingerprints.FEWEST_LINES


@pytest.mark.parametrize("task", [*TASKS, "shop/slow-product-list"])
def test_the_start_and_our_own_solutions_count_for_nothing(task: str) -> None:
    start, solution = library.workspace(task).files, library.solution(task, "expert")
    assert fingerprints.runs_of(start, start) == []
    assert shared(task, start, start) == (0, False)
    untouched = {path: text.replace("\n", "\n\n") for path, text in start.items() if path.endswith(".py")}
    assert shared(task, untouched, untouched) == (0, False), "a start that was only laid out anew is one, too"
    assert shared(task, solution, solution)[1]
    assert shared(task, solution, solution, nothing=actions._nothing(task)) == (0, False)


def test_passages_say_where_the_same_stands_in_both() -> None:
    start = {"a.py": "import os\n\n\ndef given():\n    return os.getcwd()\n"}
    block = OWN_WORK.strip().splitlines()[6:17]
    one = {"a.py": start["a.py"] + "\n\n" + "\n".join(block) + "\n"}
    other = {"b.py": "# mine\nx = 1\n" + "\n".join(block).replace("self", "me") + "\n\n\ny = {'a': [2]}\n"}
    runs = [fingerprints.runs_of(each, start) for each in (one, other)]
    (passage,) = fingerprints.shared_by(*runs, frozenset()).passages
    assert (passage.one, passage.one_from, passage.one_to) == ("a.py", 8, 18)
    assert (passage.other, passage.other_from, passage.other_to) == ("b.py", 3, 13)


def test_what_four_have_in_common_counts_for_nothing_and_what_three_have_is_found() -> None:
    works = [fingerprints.runs_of({PATH: OWN_WORK}, {}) for _ in range(4)]
    assert len(list(fingerprints.likenesses(works[:3], frozenset()))) == 3
    assert list(fingerprints.likenesses(works, frozenset())) == []


@pytest.mark.parametrize(
    "text",
    [
        "", "\0" * 5000, "def f(:\n" * 3000, "'''" * 999, "(" * 50_000, "x = '" + "\\" * 20_001, "{% " * 9000,
        "<a " * 20_000, "\u202e\u2028\r\f\v" * 4000, "a" * 300_000, "x = 1\n" * 60_000, "/* " * 20_000, "\ud800 x = 1",
    ],
    ids=range(13),
)  # fmt: skip
@pytest.mark.parametrize("ending", ["py", "html", "js", "css", "sql", "toml", "md", "nothing", ""])
def test_no_text_makes_a_comparison_fail(text: str, ending: str) -> None:
    """What nobody parses is compared all the same, within the bounds."""
    text = text.encode("utf-8", "replace").decode()
    runs = fingerprints.runs_of({f"x.{ending}": text}, {f"x.{ending}": "x = 1\n"})
    read = text[: fingerprints.MOST_BYTES].splitlines()
    assert all(1 <= line <= len(read) + 1 for run in runs for line in run.lines)
    found = fingerprints.shared_by(runs, runs, frozenset())
    assert found.lines <= len(read)


def test_two_works_that_are_alike_are_found_once_and_stay_so(cast: Cast) -> None:
    one = handed_in_alike(cast.application, cast.rita, 100)
    other = handed_in_alike(applied(cast, "Bob"), cast.rita, 200)
    for _ in range(2):
        comparison = actions.compare(cast.team.pk, TASKS[0])
        assert comparison is not None
        assert comparison.count == 2
        found = Likeness.objects.get()
        assert {found.one_id, found.other_id} == {one.pk, other.pk}
        assert found.lines > 30
    Submission.objects.filter(pk=other.pk).update(files={PATH: "# something else\n"})
    actions.compare(cast.team.pk, TASKS[0])
    assert not Likeness.objects.exists(), "each comparison replaces the one before"
    assert actions.compare(cast.team.pk, "python/gone") is None


def test_nobody_is_compared_with_themselves_with_other_teams_or_with_who_practises(cast: Cast) -> None:
    handed_in_alike(cast.application, cast.rita)
    second = hiring.create_job(
        actor=cast.olga, team=cast.team, fields={"title": "Second", "use_case": "cms", "assessment": cast.assessment}
    )
    again = hiring.apply(job=second, name="Ada", email=cast.application.candidate.email, lane="django-ready")
    handed_in_alike(again, cast.rita)
    foreign = hiring.create_job(
        actor=cast.eve, team=cast.other_job.team,
        fields={"title": "Foreign", "use_case": "cms", "assessment": cast.assessment},
    )  # fmt: skip
    handed_in_alike(hiring.apply(job=foreign, name="F", email="f@example.org", lane="django-ready"), cast.eve)
    practice = workspace.practise(TASKS[0]).works.get()
    practice.submission = Submission.objects.create(task=TASKS[0], files={PATH: OWN_WORK}, state=State.GRADED)
    practice.save()
    comparison = actions.compare(cast.team.pk, TASKS[0])
    assert comparison is not None
    assert (comparison.count, Likeness.objects.count()) == (2, 0)


def test_beat_queues_what_was_graded_since_and_nothing_twice(cast: Cast) -> None:
    assert likeness.to_be_compared() == []
    handed_in_alike(cast.application, cast.rita)
    assert likeness.to_be_compared() == [(cast.team.pk, TASKS[0])]
    tasks.compare(str(cast.team.pk), TASKS[0])
    assert likeness.to_be_compared() == []
    handed_in_alike(applied(cast, "Bob"), cast.rita)
    assert likeness.to_be_compared() == [(cast.team.pk, TASKS[0])]


def test_only_the_latest_are_compared(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_COMPARED", 2)
    first = handed_in_alike(cast.application, cast.rita)
    for name in ("Bob", "Cid"):
        handed_in_alike(applied(cast, name), cast.rita)
    actions.compare(cast.team.pk, TASKS[0])
    found = Likeness.objects.get()
    assert first.pk not in (found.one_id, found.other_id)


@pytest.fixture
def alike(cast: Cast) -> Application:
    """Ada's work is Bob's as well, and was compared."""
    handed_in_alike(cast.application, cast.rita, 100)
    handed_in_alike(applied(cast, "Bob"), cast.rita, 200)
    actions.compare(cast.team.pk, TASKS[0])
    return cast.application


def test_who_decides_reads_both_side_by_side_with_the_explanations_and_no_name(
    alike: Application, cast: Cast, client: Client
) -> None:
    client.force_login(cast.hamid, backend=BACKEND)
    page = client.get(reverse("insights:shared", args=[alike.pk])).content.decode()
    assert re.search(r"shares \d\d lines with another candidate", page)
    assert "the same tutorial" in page
    assert "asked the same assistant" in page
    assert page.count(f"<code><bdi>{PATH}</bdi></code>") == 2 * page.count('<div class="two-texts">')
    assert "class Attempts:" in page
    assert "Bob" not in page
    for word in ("cheat", "plagiar", "suspicio", "copied"):
        assert word not in page.lower()


def test_it_stands_on_no_list_in_no_report_and_is_linked_for_deciders_alone(
    alike: Application, cast: Cast, client: Client
) -> None:
    Work.objects.filter(sitting__application=alike, submission=None).delete()
    workspace.finish(alike.sitting)
    address = reverse("insights:shared", args=[alike.pk])
    for who, is_linked in ((cast.hamid, True), (cast.rita, False), (cast.ines, False)):
        client.force_login(who, backend=BACKEND)
        page = client.get(reverse("workspace:application", args=[alike.pk])).content.decode()
        assert (address in page) is is_linked
        assert client.get(address).status_code == (200 if is_linked else 403)
    client.force_login(cast.hamid, backend=BACKEND)
    for name, args in (
        ("hiring:job", [cast.job.pk]), ("workspace:compare", [cast.job.pk]), ("workspace:level", [alike.pk]),
    ):  # fmt: skip
        assert "shares" not in client.get(reverse(name, args=args)).content.decode()


def test_work_from_a_job_that_the_reader_may_not_see_is_left_out(cast: Cast, client: Client) -> None:
    handed_in_alike(cast.application, cast.rita, 100)
    second = hiring.create_job(
        actor=cast.olga, team=cast.team, fields={"title": "Second", "use_case": "cms", "assessment": cast.assessment}
    )
    bob = hiring.apply(job=second, name="Bob", email="bob@example.org", lane="django-ready")
    handed_in_alike(bob, cast.rita, 200)
    actions.compare(cast.team.pk, TASKS[0])
    JobMember.objects.filter(job=cast.job, user=cast.ines).update(role=Role.HIRING_MANAGER)
    page = reverse("insights:shared", args=[cast.application.pk])
    for who, sees in ((cast.hamid, True), (cast.ines, False)):
        client.force_login(who, backend=BACKEND)
        assert ("class Attempts:" in client.get(page).content.decode()) is sees


def test_the_candidates_copy_says_what_their_own_work_shares_and_nothing_of_the_other(alike: Application) -> None:
    copy = copy_of(alike.candidate)
    assert b"Bob" not in copy
    told = list(_facts(copy)["what your work shares with others'"])
    assert [each["task"] for each in told] == [TASKS[0]]
    assert told[0]["lines"] > 30
    assert told[0]["places"][0][0] == PATH


def _facts(copy: bytes) -> Any:
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        return json.loads(archive.read("about-you.json"))


def test_with_a_candidate_goes_what_was_found_about_them(alike: Application) -> None:
    erase(alike.candidate)
    assert not Likeness.objects.exists()
    assert Comparison.objects.count() == 1
