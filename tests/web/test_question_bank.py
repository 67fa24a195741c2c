"""The question bank: what it holds of the guide, when an anchor is reached, and how raters practise."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from djudge.web.interviews import bank
from djudge.web.interviews.bank import ANCHORS, BankError, questions
from tests.web.cast import Cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

#: The guide's questions by line, and for whom it asks them.
OF_THE_GUIDE = {
    37: "all", 56: "developer", 61: "developer", 66: "developer", 71: "developer",
    85: "developer", 86: "developer", 87: "developer", 90: "architect", 91: "architect", 92: "architect",
    97: "recruiter", 98: "recruiter", 99: "recruiter",
}  # fmt: skip


def test_every_question_of_the_guide_is_there_once() -> None:
    assert {each.guide_line: each.audience for each in questions().values()} == OF_THE_GUIDE
    assert len(questions()) == len(OF_THE_GUIDE)


def test_each_use_has_its_question_and_each_red_flag_of_a_use_stands_beside_it() -> None:
    uses = {each.use_case: each for each in questions().values() if each.use_case}
    assert sorted(uses) == ["backend", "cms", "pipeline", "shop"]
    assert all(each.red_flag for each in uses.values())


@pytest.mark.parametrize("name", list(questions()))
def test_a_recorded_answer_at_every_anchor_and_words_that_are_explained(name: str) -> None:
    question = questions()[name]
    assert {sample.anchor for sample in question.samples} == set(ANCHORS)
    assert all(len(sample.answer) > 40 for sample in question.samples)
    assert len(question.boxes) >= 4
    assert question.follow_ups
    assert 3 <= question.minutes <= 20


def test_senior_about_n_plus_one_is_who_names_both_tools_and_says_when() -> None:
    question = questions()["n-plus-one"]
    assert question.reached([]) == "junior"
    assert question.reached(["select", "prefetch"]) == "junior", "names without saying what it is"
    assert question.reached(["knows", "select", "prefetch"]) == "middle"
    assert question.reached(["knows", "select", "prefetch", "when"]) == "senior"


@pytest.mark.parametrize(
    ("name", "all_of"),
    [
        ("what-is-the-orm", ("abstraction", "optimisation", "migrations", "relationships")),
        ("build-an-api", ("drf", "serializers", "viewsets", "rest")),
    ],
)
def test_senior_needs_all_four_parts(name: str, all_of: tuple[str, ...]) -> None:
    question = questions()[name]
    assert question.reached(all_of) == "senior"
    for missing in all_of:
        assert question.reached([each for each in all_of if each != missing]) != "senior", missing


def test_the_pages_show_what_the_bank_holds_and_leave_out_other_uses(cast: Cast, client: Client) -> None:
    client.force_login(cast.ines, backend=BACKEND)
    page = client.get(reverse("interviews:questions")).content.decode()
    for question in questions().values():
        assert reverse("interviews:question", args=[question.id]) in page
        assert "{" not in question.plain_text
    of_shops = client.get(reverse("interviews:questions"), {"use": "shop"}).content.decode()
    assert "catalogue-and-cart" in of_shops
    assert "build-a-cms" not in of_shops
    assert "slow-query" in of_shops, "what is asked everywhere"
    one = client.get(reverse("interviews:question", args=["n-plus-one"])).content.decode()
    assert "needed for senior" in one
    assert "select_related" in one
    assert client.get(reverse("interviews:question", args=["nothing"])).status_code == 404


def keys(page: str) -> list[str]:
    return re.findall(r'id="answer-([0-9a-f]{12})"', page)


def test_a_rater_practises_and_sees_where_they_agree(cast: Cast, client: Client) -> None:
    client.force_login(cast.rita, backend=BACKEND)
    address = reverse("interviews:practise", args=["n-plus-one"])
    page = client.get(address).content.decode()
    assert "It was put at" not in page, "nothing is told before"
    fields: dict[str, object] = {f"anchor-{key}": "senior" for key in keys(page)}
    fields[f"heard-{keys(page)[0]}"] = ["knows", "invented"]
    told = client.post(address, fields).content.decode()
    assert "You agree on 1 of 3." in told
    assert told.count("It was put at") == 2
    assert "What you ticked reaches “In between”." in told


def test_nothing_is_told_before_every_answer_was_put_somewhere(cast: Cast, client: Client) -> None:
    client.force_login(cast.rita, backend=BACKEND)
    address = reverse("interviews:practise", args=["slow-query"])
    key = keys(client.get(address).content.decode())[0]
    answer = client.post(address, {f"anchor-{key}": "senior", "anchor-else": "x"})
    assert answer.status_code == 422
    assert "put every answer somewhere" in answer.content.decode()
    assert "You agree on" not in answer.content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("senior = ", "#"), "without senior"),
        (('audience = "recruiter"', 'audience = "nobody"'), "nobody knows this audience"),
        (('senior_needs = ["a", "b"]', 'senior_needs = ["a"]'), "asks for less"),
        (('senior_needs = ["a", "b"]', 'senior_needs = ["a", "c"]'), "not there"),
        (('anchor = "middle"', 'anchor = "senior"'), "one recorded answer"),
        (('id = "b"', 'id = "a"'), "same id"),
    ],
)
def test_a_question_that_can_not_be_right_is_refused_with_the_file_and_the_reason(
    tmp_path: Path, changed: tuple[str, str], said: str
) -> None:
    file = tmp_path / "own.toml"
    file.write_text(RIGHT, encoding="utf-8")
    assert bank.read(file)[0].id == "right"
    file.write_text(RIGHT.replace(*changed), encoding="utf-8")
    with pytest.raises(BankError, match=rf"own\.toml.*{said}"):
        bank.read(file)


RIGHT = """
[[question]]
id = "right"
guide_line = 97
audience = "recruiter"
minutes = 3
text = "?"
junior = "j"
middle = "m"
senior = "s"
boxes = [{id = "a", label = "A"}, {id = "b", label = "B"}]
middle_needs = ["a"]
senior_needs = ["a", "b"]
follow_ups = []
samples = [{anchor = "junior", answer = "1"}, {anchor = "middle", answer = "2"}, {anchor = "senior", answer = "3"}]
"""
