"""What teams read of somebody's work: the recruiter's report in plain words, and finalists side by side."""

from __future__ import annotations

import re

from django.test import Client
from django.urls import reverse

from djudge.web.grading.models import Result
from djudge.web.grading.plain_words import in_plain_words
from djudge.web.hiring.models import Application, Stage
from tests.reports import sample_reports
from tests.web.cast import Cast, graded

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def compared(client: Client, cast: Cast, *with_: Application) -> str:
    client.force_login(cast.hamid, backend=BACKEND)
    answer = client.get(reverse("workspace:compare", args=[cast.job.pk]), {"with": [str(one.pk) for one in with_]})
    assert answer.status_code == 200
    return answer.content.decode()


def heads(page: str) -> list[str]:
    """Who stands over the columns."""
    return re.findall(r'<th scope="col"><a [^>]*><bdi>(.*?)</bdi>', page)


def test_finalists_stand_side_by_side_by_name_and_with_what_was_not_tested(cast: Cast, client: Client) -> None:
    graded(cast, "Zoe", sample_reports.good())
    graded(cast, "Abel", sample_reports.junior())
    page = compared(client, cast)
    assert heads(page) == ["Abel", "Zoe"], "by name, whoever showed more"
    assert page.count('<td class="large">') == 4
    row = page[page.index("query optimisation</th>") :]
    words = re.findall(r"</svg>([a-z ]+)</span>", row[: row.index("</tr>")])
    assert words == ["not shown", "shown"]
    caching = page[page.index("caching</th>") :]
    assert re.findall(r"</svg>([a-z ]+)</span>", caching[: caching.index("</tr>")]) == ["not tested"] * 2


def test_only_those_who_were_chosen_and_are_of_this_job_are_compared(cast: Cast, client: Client) -> None:
    zoe, abel = graded(cast, "Zoe", sample_reports.good()), graded(cast, "Abel", sample_reports.junior())
    assert heads(compared(client, cast, zoe)) == ["Zoe"]
    Application.objects.filter(pk=abel.pk).update(job=cast.other_job)
    assert heads(compared(client, cast, abel, zoe)) == ["Zoe"]
    Application.objects.filter(pk=zoe.pk).update(stage=Stage.WITHDRAWN)
    assert "Nobody's work has been graded yet" in compared(client, cast)


def test_no_more_than_four_stand_side_by_side(cast: Cast, client: Client) -> None:
    for number in range(6):
        graded(cast, f"Somebody {number}", sample_reports.good())
    page = compared(client, cast)
    assert len(heads(page)) == 4
    assert page.count('name="with"') == 6, "the others can be chosen"


def test_comparing_opens_nobodys_evidence_and_reading_the_level_does(cast: Cast, client: Client) -> None:
    zoe = graded(cast, "Zoe", sample_reports.good())
    compared(client, cast, zoe)
    assert not zoe.evidence_views.exists()
    client.get(reverse("workspace:level", args=[zoe.pk]))
    assert zoe.evidence_views.get().user == cast.hamid


def test_the_recruiters_report_says_in_plain_words_what_was_looked_at_and_what_to_ask(
    cast: Cast, client: Client
) -> None:
    report = sample_reports.competent()
    application = graded(cast, "Cleo", report)
    client.force_login(cast.rita, backend=BACKEND)
    page = client.get(reverse("workspace:level", args=[application.pk])).content.decode()
    plain = in_plain_words(Result.objects.all())
    told = [said.says for _outcome, found in plain.findings for said in found]
    assert set(told) == {finding.recruiter for finding in report.findings if finding.bullet}
    assert len(told) == len(set(told)), "each once"
    assert [each.text for each in plain.questions] == [each.text for each in report.questions[:3]]
    assert "To ask next" in page
    assert "Listen for" in page
    assert page.index("Not tested") < page.index("In plain words")


def test_a_report_of_our_fault_says_nothing_about_anybody(cast: Cast) -> None:
    graded(cast, "Cleo", sample_reports.ours())
    plain = in_plain_words(Result.objects.all())
    assert plain.findings == []
