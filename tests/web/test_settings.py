"""Settings: each is documented, a CDN serves every static file, and the cache may be any of those that are named."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SETTINGS = ROOT / "src/djudge/web/config/settings.py"


def test_every_variable_is_documented_and_no_other() -> None:
    read = set(re.findall(r'env\.\w+\("([A-Z_]+)"', SETTINGS.read_text(encoding="utf-8")))
    rows = [
        line
        for line in (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| `")
    ]
    told = {name for row in rows for name in re.findall(r"`([A-Z_]{4,})`", row.split("|")[1])}
    assert told == read


def ask(code: str, **environ: str) -> str:
    """What settings say in a process of their own."""
    base = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "x",
        "DATABASE_URL": "postgres:///x",
        "DJANGO_SETTINGS_MODULE": "djudge.web.config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); from django.conf import settings; {code}"],
        env={**base, **environ}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_with_a_cdn_every_static_file_comes_from_there_and_the_policy_admits_it(tmp_path: Path) -> None:
    code = (
        "from django.core.management import call_command; call_command('collectstatic', '--noinput', verbosity=0);"
        "from django.templatetags.static import static; print(static('ui/djudge.css'));"
        "print(settings.SECURE_CSP['style-src'])"
    )
    said = ask(code, STATIC_URL="https://cdn.example/static/", STATIC_ROOT=str(tmp_path))
    assert re.match(r"https://cdn\.example/static/ui/djudge\.[0-9a-f]{12}\.css", said)
    assert "'https://cdn.example'" in said


@pytest.mark.parametrize(
    ("url", "backend"),
    [
        ("rediscache://localhost:6379/1", "cache.ForgivingRedisCache"),
        ("pymemcache://localhost:11211", "memcached.PyMemcacheCache"),
        ("locmemcache://", "locmem.LocMemCache"),
    ],
)
def test_the_cache_is_chosen_by_its_address(url: str, backend: str) -> None:
    assert backend in ask("print(settings.CACHES['default']['BACKEND'])", CACHE_URL=url)


def test_without_https_cookies_work_here_and_with_it_they_are_secure() -> None:
    assert ask("print(settings.SESSION_COOKIE_SECURE)") == "False"
    assert ask("print(settings.SESSION_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT)", HTTPS="on") == "True True"


def test_the_deployment_check_has_nothing_to_say() -> None:
    code = "from django.core.management import call_command; call_command('check', deploy=True, fail_level='WARNING')"
    assert "no issues" in ask(code, HTTPS="on", SMTP_HOST="mail.example", SECRET_KEY="aB3" * 30 + "xyz!%&012")
