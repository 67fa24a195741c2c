"""The slow-query museum on pages: what somebody sees before they look for the mend, and what after."""

from __future__ import annotations

import io
import os
import re
import shutil
from pathlib import Path
from unicodedata import normalize

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from pytest_django.live_server_helper import LiveServer

from djudge.engine.folders import packs_folder
from djudge.web.grading import museum
from tests.web.browsing import BACKEND, sign_in
from tests.web.cast import Cast

SHOWN = {(each.pack, each.slug): each for each in museum.showings()}


def text_of(client: Client, name: str, *args: str) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def before_the_mend(page: str) -> str:
    return page[: page.index('<details class="unfold mend">')]


def test_anybody_sees_every_scene_and_no_cause(client: Client, db: None) -> None:
    page = text_of(client, "interviews:museum")
    assert len(SHOWN) >= 10
    for (pack, slug), each in SHOWN.items():
        assert reverse("interviews:exhibit", args=[pack, slug]) in page
        assert each.cause not in page
        assert each.why not in page


@pytest.mark.parametrize(("pack", "slug"), SHOWN)
def test_before_the_mend_there_are_scene_code_figures_and_hints_that_open_one_another(
    client: Client, db: None, pack: str, slug: str
) -> None:
    it = SHOWN[(pack, slug)]
    page = before_the_mend(text_of(client, "interviews:exhibit", pack, slug))
    inside = [page.index(f"Hint {number}") for number in range(1, len(it.hints) + 1)]
    assert inside == sorted(inside)
    hints = page[inside[0] :]
    assert hints.count("<details") == len(it.hints) - 1, "each lies in the one before"
    assert hints.index("</details>") > hints.index(f"Hint {len(it.hints)}")
    for count in it.counts:
        for each in count.sizes:
            assert f'<td class="figure">{each.slow:,}</td>' in page
    assert it.cause not in page
    assert f"djudge museum {pack}/{slug}" in page
    assert "<script" not in page.split("<main")[1]
    assert 'style="' not in page


def test_the_mend_has_both_versions_both_plans_and_both_sizes(client: Client, db: None) -> None:
    it = SHOWN[("shop", "price-list")]
    page = text_of(client, "interviews:exhibit", "shop", "price-list")
    mend = page[len(before_the_mend(page)) :]
    assert '<ins>    return list(products.values_list("brand__name"' in mend.replace("&quot;", '"')
    assert "<del>    products = Product.objects.select_related(" in mend.replace("&quot;", '"')
    plans = mend[mend.index('id="plan-before"') :]
    before, after = plans.split('id="plan-after"')
    assert "Incremental Sort" in before
    assert "Hash Join" in after
    blocks = next(count for count in it.counts if count.is_watched)
    row = mend[mend.index('class="watched"') :]
    found = re.findall(r'<td class="figure">([\d,]+)</td>', row[: row.index("</tr>")])
    assert found == [f"{number:,}" for each in blocks.sizes for number in (each.slow, each.fast)]
    assert blocks.largest.slow > 20 * blocks.largest.fast


def test_a_mend_of_the_schema_alone_shows_its_migration_and_what_it_sends(client: Client, db: None) -> None:
    page = text_of(client, "interviews:exhibit", "shop", "poor-ratings")
    assert "The code stays as it is" in page
    assert "migrations.AddIndex(" in page
    assert "CREATE INDEX &quot;rating_latest_by_stars&quot;" in page
    assert "<ins>" not in page


def test_what_to_listen_for_is_for_members(client: Client, cast: Cast) -> None:
    it = SHOWN[("shop", "price-list")]
    listened = it.listen[1]
    assert listened not in text_of(client, "interviews:exhibit", "shop", "price-list")
    client.force_login(cast.ines, backend=BACKEND)
    assert listened in text_of(client, "interviews:exhibit", "shop", "price-list")
    assert listened in text_of(client, "interviews:exhibit-sheet", "shop", "price-list")


@pytest.mark.parametrize(("pack", "slug"), [("shop", "nothing"), ("nothing", "price-list"), ("python", "four-bugs")])
def test_what_is_no_exhibit_is_not_found(client: Client, cast: Cast, pack: str, slug: str) -> None:
    client.force_login(cast.ines, backend=BACKEND)
    assert client.get(reverse("interviews:exhibit", args=[pack, slug])).status_code == 404
    assert client.get(reverse("interviews:exhibit-sheet", args=[pack, slug])).status_code == 404


def test_the_guide_and_the_bank_lead_there(client: Client, cast: Cast) -> None:
    line = text_of(client, "guide").partition('id="line-87"')[2].partition('id="line-88"')[0]
    assert reverse("interviews:museum") in line
    client.force_login(cast.ines, backend=BACKEND)
    assert reverse("interviews:museum") in text_of(client, "interviews:question", "slow-query")
    assert "museum" not in text_of(client, "interviews:question", "n-plus-one")
    assert reverse("interviews:museum") in text_of(client, "interviews:questions")


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The packs without their tasks, to be changed while pages are shown."""
    shop = packs_folder() / "shop"
    shutil.copytree(shop, tmp_path / "shop", ignore=shutil.ignore_patterns("tasks", "__pycache__"))
    monkeypatch.setenv("DJUDGE_PACKS", str(tmp_path))
    return tmp_path / "shop" / "museum"


def test_figures_of_what_has_changed_since_are_called_old(client: Client, db: None, copied: Path) -> None:
    assert "These figures are old" not in text_of(client, "interviews:exhibit", "shop", "price-list")
    file = copied / "price-list" / "slow.py"
    file.write_text(file.read_text() + "# <b>more</b>\n")
    os.utime(file, ns=(1, 1))
    page = text_of(client, "interviews:exhibit", "shop", "price-list")
    assert "These figures are old: this exhibit has changed since it was measured." in page
    assert "# &lt;b&gt;more&lt;/b&gt;" in page


def test_an_exhibit_that_was_not_measured_or_is_broken_is_not_shown(client: Client, db: None, copied: Path) -> None:
    (copied / "price-list" / "figures.json").unlink()
    (copied / "turnover" / "exhibit.toml").write_text("format = 2")
    page = text_of(client, "interviews:museum")
    assert client.get(reverse("interviews:exhibit", args=["shop", "price-list"])).status_code == 404
    assert reverse("interviews:exhibit", args=["shop", "turnover"]) not in page
    assert reverse("interviews:exhibit", args=["shop", "poor-ratings"]) in page


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("page", [pytest.param({"java_script_enabled": False}, id="without JavaScript")], indirect=True)
def test_hints_open_one_by_one_without_javascript(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + reverse("interviews:exhibit", args=["shop", "poor-ratings"]))
    expect(page.get_by_text("Hint 1")).to_be_visible()
    expect(page.get_by_text("Hint 2")).to_be_hidden()
    page.get_by_text("Hint 1").click()
    expect(page.get_by_text("How many did it read?")).to_be_visible()
    expect(page.get_by_text("Hint 3")).to_be_hidden()
    page.get_by_text("Hint 2").click()
    expect(page.get_by_text("Hint 3")).to_be_visible()
    expect(page.get_by_role("heading", name="The cause")).to_be_hidden()
    page.get_by_text("The mend, with what it changed").click()
    expect(page.get_by_role("heading", name="The cause")).to_be_visible()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_every_sheet_prints_on_two_sides_and_the_first_gives_nothing_away(
    page: Page, live_server: LiveServer, cast: Cast
) -> None:
    sign_in(page, live_server, "ines")
    long = {}
    for (pack, slug), it in SHOWN.items():
        page.goto(live_server.url + reverse("interviews:exhibit-sheet", args=[pack, slug]))
        sides = [each.extract_text() for each in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages]
        if len(sides) != 2:
            long[slug] = len(sides)
            continue
        first, second = (" ".join(normalize("NFKC", side).split()) for side in sides)
        assert "for the interviewer" not in first
        assert it.listen[0].replace("`", "")[:20] not in first
        assert "for the interviewer" in second
        assert it.follow_ups[-1].replace("`", "")[-12:] in second
        assert it.not_when.replace("`", "")[-20:] in second
    assert long == {}
