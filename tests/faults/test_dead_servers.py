"""PostgreSQL or the zygote dies in the middle of a grading: our fault, tried again, and the same report as ever."""

from __future__ import annotations

import psutil
import pytest
from tests.faults.conftest import TASK, Saboteur, graded, keeper, postmaster, solution

from djudge.engine.errors import DjudgeError, InfrastructureError
from djudge.engine.slot import Slot
from djudge.engine.values import Outcome

EARLY, LATE = "observing: 1 of", "observing: 5 of"


def kill_backend(slot: Slot) -> None:
    """One session of the server: a crash of it ends the server, which is not started again in its old folder."""
    for process in postmaster(slot).children():
        if any(word.startswith("run") or word == "[local]" for word in process.cmdline()[:1][0].split()):
            process.kill()
            return
    postmaster(slot).children()[-1].kill()


def kill_zygote(slot: Slot) -> None:
    for process in keeper(slot).children():
        process.kill()


@pytest.mark.parametrize("word", [EARLY, LATE], ids=["early", "late"])
def test_a_killed_server_is_replaced_and_the_report_is_the_same(slot: Slot, undisturbed: str, word: str) -> None:
    saboteur = Saboteur(word, lambda: postmaster(slot).kill())
    report = graded(slot, solution(), saboteur)
    assert saboteur.strikes == 1
    assert [told.partition("(")[2].partition(")")[0] for told in saboteur.retried] == ["The exam PostgreSQL has died."]
    assert report.fault is None
    assert report.canonical_sha256 == undisturbed


def test_a_killed_session_is_our_fault_too(slot: Slot, undisturbed: str) -> None:
    saboteur = Saboteur(LATE, lambda: kill_backend(slot))
    report = graded(slot, solution(), saboteur)
    assert len(saboteur.retried) == 1
    assert report.fault is None
    assert report.canonical_sha256 == undisturbed


@pytest.mark.parametrize("word", [EARLY, LATE], ids=["early", "late"])
def test_a_killed_zygote_is_replaced_and_the_report_is_the_same(slot: Slot, undisturbed: str, word: str) -> None:
    saboteur = Saboteur(word, lambda: kill_zygote(slot))
    report = graded(slot, solution(), saboteur)
    assert saboteur.strikes == 1
    assert len(saboteur.retried) <= 1  # between two guests nobody misses it
    assert report.fault is None
    assert report.canonical_sha256 == undisturbed
    assert graded(slot, solution(), lambda *_: None).canonical_sha256 == undisturbed


def test_a_server_that_each_run_brings_down_is_the_submissions_limit_once_another_proves_sound(
    slot: Slot, undisturbed: str
) -> None:
    saboteur = Saboteur(EARLY, lambda: postmaster(slot).kill(), times=3)
    report = graded(slot, solution(), saboteur)
    assert len(saboteur.retried) == 3
    assert report.fault is not None
    assert (report.fault.whose, report.fault.kind) == ("candidate", "resource_limit")
    assert {finding.outcome for finding in report.findings} <= {Outcome.NOT_SHOWN, Outcome.NOT_TESTED}
    assert graded(slot, solution(), lambda *_: None).canonical_sha256 == undisturbed


def test_two_dead_servers_are_nobodys_limit(slot: Slot, undisturbed: str) -> None:
    saboteur = Saboteur(LATE, lambda: postmaster(slot).kill(), times=2)
    assert graded(slot, solution(), saboteur).canonical_sha256 == undisturbed
    assert len(saboteur.retried) == 2


class FailingSlot(Slot):
    """A machine on which no server stays up, not even for the proof."""

    def prove_sound(self) -> None:
        process = postmaster(self)
        process.kill()
        psutil.wait_procs([process], timeout=5)
        super().prove_sound()


def test_where_no_server_proves_sound_the_fault_stays_ours() -> None:
    with FailingSlot(TASK.pack) as slot:
        saboteur = Saboteur(EARLY, lambda: postmaster(slot).kill(), times=3)
        with pytest.raises(DjudgeError) as caught:
            graded(slot, solution(), saboteur)
    assert isinstance(caught.value, InfrastructureError)
    assert caught.value.fault == "djudge"


def test_failures_of_different_kinds_are_never_the_submissions(slot: Slot) -> None:
    strikes = iter([lambda: postmaster(slot).kill(), lambda: kill_supervisor(slot), lambda: postmaster(slot).kill()])
    saboteur = Saboteur(EARLY, lambda: next(strikes)(), times=3)
    with pytest.raises(InfrastructureError):
        graded(slot, solution(), saboteur)
    assert len(saboteur.retried) == 3


def kill_supervisor(slot: Slot) -> None:
    """The process between the zygote and a guest."""
    (zygote,) = keeper(slot).children()
    while not (supervisors := zygote.children()):
        pass
    supervisors[0].kill()
