"""axe on every page, at a phone's and a desk's width, light and dark: WCAG 2.2 A and AA, and what axe thinks good."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from djudge.web.hiring import actions as hiring
from djudge.web.hiring.access import token_of as status_token
from djudge.web.organizations.actions import token_of as invitation_token
from djudge.web.organizations.models import Team
from djudge.web.pads import actions as pads
from djudge.web.pads.models import Pad
from djudge.web.workspace.access import token_of
from tests.web import addresses
from tests.web.browsing import bring_session
from tests.web.cast import planned
from tests.web.everything import AUTHORIZE, FILE, Everything

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: The standards, by axe's words, and its own advice.
TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
#: Width and scheme; what depends on colours alone is asked of the other two pairs.
WHOLE: Final = ((1280, "light"), (360, "dark"))
COLOURS: Final = ((1280, "dark"), (360, "light"))
OF_COLOURS: Final = ("color-contrast", "link-in-text-block")


@dataclass(frozen=True)
class Where:
    """A page: its address in a team where everything was done once, whether a member or a guest looks, which member,
    and what is done on it before axe looks."""

    args: Callable[[Everything], list[Any]] = lambda _: []
    query: str = ""
    as_guest: bool = False
    who: str = "olga"
    status: int = 200
    first: str = ""


def _job(it: Everything) -> list[Any]:
    return [it.cast.job.pk]


def _application(it: Everything) -> list[Any]:
    return [it.cast.application.pk]


def _redone(it: Everything) -> list[Any]:
    return [it.redone.application_id]


def _empty_job(it: Everything) -> Any:
    """A job for which nobody's work was graded."""
    fields = {"title": "Empty", "use_case": "shop"}
    return hiring.create_job(actor=it.cast.olga, team=it.cast.team, fields=fields).pk


def _work(it: Everything) -> list[Any]:
    return [token_of(it.working), 1]


def _pad(it: Everything) -> list[Any]:
    return [token_of(it.pad.sitting)]


def _new_pad(it: Everything) -> Pad:
    talk = planned(it.cast, it.cast.application, it.cast.rita)
    return pads.open_pad(actor=it.cast.rita, interview=talk, task="shop/facets")


def _ended_pad(it: Everything) -> Pad:
    pad = _new_pad(it)
    pads.end(actor=it.cast.rita, pad=pad)
    return pad


def _handed_in(it: Everything) -> list[Any]:
    return [token_of(it.graded), 1]


def _reset_key(it: Everything) -> list[Any]:
    return [user_pk_to_url_str(it.cast.ida), default_token_generator.make_token(it.cast.ida)]


GUEST: Final = Where(as_guest=True)
#: The form of the page is sent with nothing in it, and comes back with what is wrong.
REFUSED: Final = """() => {
  const form = document.querySelector("main form[method=post]");
  form.noValidate = true;
  for (const each of form.querySelectorAll("input:is([type=text], [type=email], [type=url])")) each.value = "";
  form.querySelector("button").click();
}"""
UNFOLDED: Final = "() => document.querySelectorAll('details.unfold').forEach(each => { each.open = true; })"
#: The form is filled in, and sent.
MADE: Final = """() => {
  const form = document.querySelector("main form[method=post]");
  for (const each of form.querySelectorAll("input[type=text]")) each.value = "Something";
  form.querySelector("input[type=checkbox]").click();
  form.querySelector("button").click();
}"""
MENU: Final = "() => { document.querySelector('details.menu').open = true; }"
#: What is folded away is looked at as well; a menu lies over the page, and has a row of its own.
UNFOLD: Final = "() => { for (const each of document.querySelectorAll('details:not(.menu)')) each.open = true; }"
#: By the name of the address; what stands behind a blank is the same address once more.
PAGES: Final[Mapping[str, Where]] = {
    "home": GUEST,
    "guide": GUEST,
    "guide as a member": Where(),
    "systems": Where(),
    "organizations:team": Where(),
    "organizations:outbox": Where(),
    "organizations:audit": Where(query="?check"),
    "webhooks:endpoints": Where(),
    "webhooks:endpoints with none": Where(who="eve"),
    "webhooks:new": Where(),
    "webhooks:new refused": Where(first=REFUSED),
    "webhooks:endpoint": Where(lambda it: [it.told.endpoint_id]),
    "webhooks:delivery": Where(lambda it: [it.told.pk]),
    "organizations:choose": Where(),
    "organizations:no-team": Where(),
    "organizations:join": Where(lambda it: [invitation_token(it.asked)], as_guest=True),
    "organizations:join that is gone": Where(lambda it: ["nothing"], as_guest=True, status=410),
    "assessments:tasks": Where(),
    "assessments:task": Where(lambda it: ["shop/slow-product-list"]),
    "assessments:list": Where(),
    "assessments:new": Where(),
    "assessments:new refused": Where(first=REFUSED),
    "assessments:assessment": Where(lambda it: [it.cast.assessment.pk]),
    "interviews:questions": Where(),
    "interviews:question": Where(lambda _: ["n-plus-one"]),
    "interviews:practise": Where(lambda _: ["n-plus-one"]),
    "interviews:museum": GUEST,
    "interviews:museum as a member": Where(),
    "interviews:exhibit": Where(lambda _: ["shop", "price-list"], as_guest=True),
    "interviews:exhibit unfolded": Where(lambda _: ["shop", "poor-ratings"], first=UNFOLDED),
    "interviews:exhibit-sheet": Where(lambda _: ["shop", "without-discount"]),
    "interviews:to-file": Where(who="hamid"),
    "pads:pad": Where(lambda it: [it.pad.interview_id]),
    "pads:pad that is to be opened": Where(lambda it: [it.cast.application.interviews.first().pk]),
    "pads:report": Where(lambda it: [it.pad.interview_id, it.pad.runs.first().pk]),
    "pads:work": Where(_pad, as_guest=True),
    "pads:work in plain text": Where(_pad, query="?plain", as_guest=True),
    "pads:work that has not begun": Where(lambda it: [token_of(_new_pad(it).sitting)], as_guest=True),
    "pads:work that has ended": Where(lambda it: [token_of(_ended_pad(it).sitting)], as_guest=True),
    "pads:work-report": Where(lambda it: [*_pad(it), it.pad.runs.first().pk], as_guest=True),
    "interviews:interview": Where(lambda it: [it.talk.pk], who="hamid"),
    "interviews:interview refused": Where(lambda it: [it.talk.pk], who="hamid", first=REFUSED),
    "interviews:interview that was filed": Where(lambda it: [it.talk.pk], who="ines"),
    "interviews:interview of others": Where(lambda it: [it.talk.pk]),
    "interviews:calibration": Where(),
    "interviews:calibration with nothing": Where(who="ines"),
    "debriefs:debrief": Where(lambda it: [it.heard.pk]),
    "debriefs:debrief that is waited for": Where(_application, who="rita"),
    "debriefs:debrief that leads to one's own scorecard": Where(_application, who="hamid"),
    "debriefs:debrief of nobody": Where(lambda it: [it.decided.pk]),
    "debriefs:said-and-did": Where(lambda it: [it.heard.pk]),
    "debriefs:said-and-did with a résumé": Where(_application, who="ines"),
    "debriefs:said-and-did of nobody": Where(lambda it: [it.decided.pk]),
    "workspace:level with ratings": Where(lambda it: [it.heard.pk]),
    "interviews:kits": Where(),
    "interviews:change": Where(lambda it: [it.talk.pk], who="rita"),
    "interviews:change refused": Where(lambda it: [it.talk.pk], first=REFUSED),
    "debriefs:plan": Where(_application),
    "debriefs:plan refused": Where(_application, first=REFUSED),
    "debriefs:kit": Where(lambda it: [it.talk_ahead.pk]),
    "debriefs:coverage": Where(_application),
    "hiring:job-list": Where(),
    "hiring:job-list with the menu": Where(first=MENU),
    "hiring:new-job": Where(),
    "hiring:new-job refused": Where(first=REFUSED),
    "hiring:job": Where(_job),
    "hiring:job as a table": Where(_job, "?as=table"),
    "hiring:job with nobody": Where(_job, "?q=nobody"),
    "hiring:change-job": Where(_job),
    "hiring:members": Where(_job),
    "hiring:new-candidate": Where(_job),
    "workspace:application": Where(_application),
    "workspace:application at work": Where(lambda it: [it.working.application_id]),
    "workspace:invite": Where(_application),
    "workspace:level": Where(_application),
    "workspace:application done once more": Where(_redone),
    "workspace:compare": Where(_job),
    "workspace:compare with nobody": Where(lambda it: [_empty_job(it)]),
    "workspace:enter-many": Where(_job),
    "workspace:regrade": Where(lambda it: [*_redone(it), 1]),
    "workspace:regrade that is not begun": Where(lambda it: [*_application(it), 1]),
    "workspace:erase": Where(_application),
    "workspace:team-report": Where(lambda it: [it.work.submission_id]),
    "resumes:list": Where(),
    "resumes:reading": Where(_application),
    "resumes:reading without a résumé": Where(lambda it: [it.working.application_id]),
    "resumes:reading for somebody who looks first at what was done": Where(_application, who="ines"),
    "resumes:mine": Where(lambda it: [status_token(it.cast.application)], as_guest=True),
    "resumes:mine without a résumé": Where(lambda it: [status_token(it.decided)], as_guest=True),
    "resumes:send": Where(lambda it: [status_token(it.cast.application)], as_guest=True),
    "resumes:send refused": Where(lambda it: [status_token(it.cast.application)], as_guest=True, first=REFUSED),
    "insights:team-figures": Where(),
    "insights:job-figures": Where(_job),
    "insights:team-rates": Where(),
    "insights:job-rates": Where(_job),
    "insights:shared": Where(lambda it: [it.alike.pk]),
    "insights:shared with nobody": Where(_application),
    "ats:systems": Where(),
    "ats:ashby": Where(),
    "api:about": GUEST,
    "api:keys": Where(),
    "api:new-token": Where(),
    "api:new-token made": Where(first=MADE),
    "api:new-token refused": Where(first=REFUSED),
    "api:new-client": Where(),
    "api:new-client refused": Where(first=REFUSED),
    "oauth2_provider:authorize": Where(query="?client_id=nothing", status=400),
    "oauth2_provider:authorize for a program": Where(query=AUTHORIZE),
    "workspace:apply": Where(_job, as_guest=True),
    "workspace:apply refused": Where(_job, as_guest=True, first=REFUSED),
    "workspace:status": Where(lambda it: [status_token(it.cast.application)], as_guest=True),
    "workspace:status with an answer": Where(lambda it: [status_token(it.decided)], as_guest=True),
    "workspace:personal-data": Where(lambda it: [status_token(it.cast.application)], as_guest=True),
    "workspace:appeal": Where(lambda it: [token_of(it.redone), 1], as_guest=True),
    "workspace:try": GUEST,
    "workspace:sitting": Where(lambda it: [token_of(it.graded)], as_guest=True),
    "workspace:sitting with the notice": Where(lambda it: [token_of(it.invited)], as_guest=True),
    "workspace:work": Where(_work, f"?file={FILE}", as_guest=True),
    "workspace:work in a plain field": Where(_work, f"?file={FILE}&plain", as_guest=True),
    "workspace:work handed in": Where(_handed_in, as_guest=True),
    "workspace:report": Where(_handed_in, as_guest=True),
    "organizations:second-factor": Where(who="eve"),
    "mfa_index": Where(),
    "mfa_index switched on": Where(who="rita"),
    "mfa_activate_totp": Where(),
    "mfa_activate_totp refused": Where(first=REFUSED),
    "mfa_deactivate_totp": Where(who="rita"),
    "mfa_view_recovery_codes": Where(who="rita"),
    "mfa_generate_recovery_codes": Where(who="rita"),
    "mfa_reauthenticate": Where(who="rita"),
    "account_login": GUEST,
    "account_login refused": Where(as_guest=True, first=REFUSED),
    "account_logout": Where(),
    "account_inactive": GUEST,
    "account_signup": GUEST,
    "account_reauthenticate": Where(),
    "account_email": Where(),
    "account_email_verification_sent": GUEST,
    "account_change_password": Where(),
    "account_reset_password": GUEST,
    "account_reset_password_done": GUEST,
    "account_reset_password_from_key": Where(_reset_key, as_guest=True),
    "account_reset_password_from_key that is old": Where(lambda it: ["1", "1-1"], as_guest=True),
    "account_reset_password_from_key_done": GUEST,
    "account_confirm_email": Where(lambda it: ["nothing"], as_guest=True),
}
#: Addresses that show no page of their own.
NO_PAGES: Final[Mapping[str, str]] = {
    "oauth2_provider:token": "JSON for machines",
    "oauth2_provider:revoke-token": "for machines",
    "oauth2_provider:oauth-server-metadata": "JSON for machines",
    "livez": "a word for machines",
    "readyz": "JSON for machines",
    "hiring:resume": "a download",
    "interviews:calendar": "a download",
    "interviews:candidate-calendar": "a download",
    "insights:team-rows": "a download",
    "insights:job-rows": "a download",
    "insights:report-as-pdf": "a download",
    "insights:metrics": "text for machines",
    "interviews:calibration-download": "a download",
    "workspace:download": "a download",
    "workspace:run": "a part of workspace:work",
    "pads:live": "parts of pads:pad",
    "pads:work-live": "parts of pads:work",
    "mfa_authenticate": "in the middle of a sign-in: looked at by a test of its own",
    "mfa_download_recovery_codes": "a download",
    "account_request_reauthentication_code": "leads elsewhere: codes by mail are not used",
    "account_confirm_reauthentication_code": "leads elsewhere: codes by mail are not used",
    "account_confirm_login_code": "leads elsewhere: codes by mail are not used",
    "account_set_password": "leads elsewhere: everybody has a password",
    "webhooks:secret": "shows a secret as the answer to a POST: looked at by a test of its own",
    **dict.fromkeys(
        (
            "api:revoke-token", "api:remove-client", "api:shut-out",
            "webhooks:change", "webhooks:send-again",
            "organizations:change-member", "organizations:withdraw", "organizations:require-totp",
            "assessments:archive", "hiring:move",
            "interviews:take-off", "interviews:phone-screen", "interviews:join", "interviews:cancel",
            "interviews:calibration-erase", "interviews:calibration-erase-one", "pads:run", "pads:end", "pads:work-run",
            "hiring:add-note", "hiring:decide", "hiring:extra-time", "workspace:grade-again", "samples:remove",
            "workspace:withdraw", "workspace:finish", "workspace:save", "workspace:upload", "workspace:hand-in",
            "workspace:again", "workspace:preview", "workspace:change-files", "workspace:answer-appeal",
            "resumes:blind", "resumes:answer", "resumes:again",
            "workspace:redo", "hiring:save-filter", "hiring:forget-filter",
        ),
        "takes a POST and leads back",
    ),
}  # fmt: skip


def test_every_page_is_looked_at_or_has_a_reason() -> None:
    named = {name.partition(" ")[0] for name in PAGES} | set(NO_PAGES)
    assert sorted(named) == sorted([*addresses.ours(), *addresses.of_allauth()])


@pytest.fixture
def context(browser: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1280, "height": 900})
    yield opened
    opened.close()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("who", sorted({"" if where.as_guest else where.who for where in PAGES.values()}))
@pytest.mark.timeout(900)
def test_axe_finds_nothing_on_any_page(
    who: str, context: BrowserContext, live_server: LiveServer, everything: Everything
) -> None:
    found: list[str] = []
    ask_eve(everything)
    if who:
        bring_session(context, live_server, getattr(everything.cast, who))
    for name, where in PAGES.items():
        if ("" if where.as_guest else where.who) == who:
            address = reverse(name.partition(" ")[0], args=where.args(everything)) + where.query
            found += look_at(context, name, live_server.url + address, where)
    assert not found, "\n".join(found)


def ask_eve(everything: Everything) -> None:
    """The team of somebody without a second factor asks for it."""
    Team.objects.filter(memberships__user=everything.cast.eve).update(requires_totp=True)


def test_axe_finds_nothing_where_the_code_is_asked_for(
    context: BrowserContext, live_server: LiveServer, everything: Everything
) -> None:
    page = context.new_page()
    page.goto(live_server.url + reverse("account_login"))
    page.get_by_label("Email").fill(everything.cast.rita.email)
    page.get_by_label("Password", exact=True).fill("a good password")
    page.get_by_role("button", name="Sign In").click()
    page.wait_for_url("**/2fa/authenticate/")
    page.close()
    address = live_server.url + reverse("mfa_authenticate")
    found = look_at(context, "mfa_authenticate", address, Where())
    found += look_at(context, "mfa_authenticate refused", address, Where(first=REFUSED))
    assert not found, "\n".join(found)


def test_axe_finds_nothing_where_a_secret_is_shown_once(
    context: BrowserContext, live_server: LiveServer, everything: Everything
) -> None:
    bring_session(context, live_server, everything.cast.olga)
    page = context.new_page()
    page.goto(live_server.url + reverse("webhooks:new"))
    page.get_by_label("Address").fill("https://one-more.example.org/")
    page.get_by_role("button", name="Add it").click()
    page.get_by_text("whsec_").wait_for()
    found = []
    for width, scheme in (*WHOLE, *COLOURS):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found += violations(page, f"webhooks:secret, {width} px, {scheme}")
    assert not found, "\n".join(found)


def test_axe_finds_nothing_on_the_pages_that_say_what_went_wrong(
    context: BrowserContext, live_server: LiveServer, everything: Everything
) -> None:
    bring_session(context, live_server, everything.cast.ida)
    found = look_at(context, "404", f"{live_server.url}/nothing/", Where(status=404))
    found += look_at(context, "403", live_server.url + reverse("organizations:audit"), Where(status=403))
    assert not found, "\n".join(found)


def test_a_label_that_is_missing_is_found_and_named(context: BrowserContext, live_server: LiveServer) -> None:
    page = context.new_page()
    page.goto(live_server.url + reverse("account_login"))
    assert violations(page, "sign-in") == []
    page.evaluate("document.querySelector('label[for=id_login]').remove()")
    page.evaluate("document.querySelector('#id_login').removeAttribute('placeholder')")
    page.evaluate("document.querySelector('h1').style.color = 'var(--line)'")
    told = "\n".join(violations(page, "sign-in"))
    assert "sign-in: label (critical): Form elements must have labels\n    #id_login  <input" in told
    assert "color-contrast" in told


def look_at(context: BrowserContext, name: str, address: str, where: Where) -> list[str]:
    """What axe says of one page in each width and scheme."""
    page = context.new_page()
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == where.status, f"{name} answers with {answer.status}"
    if where.first == REFUSED:
        with page.expect_navigation():
            page.evaluate(REFUSED)
        assert page.locator(".errorlist").count(), f"{name} is not refused"
    elif where.first == MADE:
        with page.expect_navigation():
            page.evaluate(MADE)
    elif where.first:
        page.evaluate(where.first)
    told = []
    for width, scheme in (*WHOLE, *COLOURS):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        if scheme == "dark":
            page.evaluate(UNFOLD)
        rules = OF_COLOURS if (width, scheme) in COLOURS else ()
        told += violations(page, f"{name}, {width} px, {scheme}", rules)
    page.close()
    return told


def violations(page: Page, where: str, rules: Sequence[str] = ()) -> list[str]:
    """Rule, page and element of each violation, to be read by people.

    axe is evaluated by the browser's debugger, which our policy does not bind: the policy stays as it is.
    """
    options = {
        "runOnly": {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": TAGS},
        "resultTypes": ["violations"],
    }
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    answer = page.evaluate("options => axe.run(options)", options)
    return [
        f"{where}: {each['id']} ({each['impact']}): {each['help']}"
        + "".join(f"\n    {' '.join(map(str, node['target']))}  {node['html'][:160]}" for node in each["nodes"])
        for each in answer["violations"]
    ]
