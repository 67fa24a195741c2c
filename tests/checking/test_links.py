"""Which addresses a page leads to, whatever is wrong with it; and where a project is found."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from djudge.engine.checking.links import links_of
from djudge.engine.checking.order import located_interpreter, located_settings
from djudge.engine.errors import OperatorFault


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("/a/", ["/a/"]),
        ("b/?page=2#top", ["/here/b/"]),
        ("http://localhost/c/", ["/c/"]),
        ("https://elsewhere.example/c/", []),
        ("mailto:a@b.example", []),
        ("javascript:alert(1)", []),
        ("http://[", []),
        ("/" + "x" * 1000, []),
        ("/caf%C3%A9/", ["/café/"]),
    ],
)
def test_a_link_leads_to_a_path_of_this_host_or_nowhere(link: str, leads: list[str]) -> None:
    assert links_of(f'<p><a href="{link}">', "text/html", "/here/", "localhost") == leads


@pytest.mark.parametrize("page", ["<![x", "<a", "<a href>", '<a href="', "<" * 10_000, "\x00<a href='/a/'>"])
def test_a_broken_page_ends_no_check(page: str) -> None:
    assert links_of(page, "text/html", "/", "localhost") in ([], ["/a/"], ["/"])


def test_what_scripts_and_attributes_name_is_led_to_and_pictures_are_not() -> None:
    page = """<iframe src=/frame/></iframe><div hx-get=/part/ data-url='/rows/'></div><img src=/a.png><link href=/b.css>
    <script>$.ajax({url: "/table/e30=", also: '/feed/'}); var text = "no / address";</script><p>"/text/"</p>"""
    assert links_of(page, "text/html", "/", "localhost") == ["/frame/", "/part/", "/rows/", "/table/e30=", "/feed/"]


def test_an_api_leads_to_the_addresses_that_it_answers() -> None:
    answer = '{"url": "http://localhost/api/1/", "other": "http://elsewhere.example/", "no": "/api/2/"}'
    assert links_of(answer, "application/json", "/api/", "localhost") == ["/api/1/"]


def test_settings_are_the_named_ones_then_those_of_the_shell_then_those_of_manage_py(tmp_path: Path) -> None:
    (tmp_path / "manage.py").write_text("os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')")
    assert located_settings(tmp_path, "named.settings", {"DJANGO_SETTINGS_MODULE": "shell"}) == "named.settings"
    assert located_settings(tmp_path, None, {"DJANGO_SETTINGS_MODULE": "shell"}) == "shell"
    assert located_settings(tmp_path, None, {}) == "site.settings"
    (tmp_path / "manage.py").write_text("pass")
    with pytest.raises(OperatorFault, match="does not say which settings"):
        located_settings(tmp_path, None, {})


def test_the_interpreter_is_that_of_the_folder_before_that_of_the_shell_and_ours(tmp_path: Path) -> None:
    assert located_interpreter(tmp_path, None, {}) == Path(sys.executable)
    for folder in (tmp_path / "shell", tmp_path / ".venv"):
        (folder / "bin").mkdir(parents=True)
        (folder / "bin/python").symlink_to(sys.executable)
    shell = {"VIRTUAL_ENV": str(tmp_path / "shell")}
    assert located_interpreter(tmp_path, None, shell) == tmp_path / ".venv/bin/python"
    assert located_interpreter(tmp_path / "elsewhere", None, shell) == tmp_path / "shell/bin/python"
    assert located_interpreter(tmp_path, str(tmp_path / "shell"), {}) == tmp_path / "shell/bin/python"
