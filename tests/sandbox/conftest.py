"""A sandbox with Django ready, small trees to run in it, and a look from outside at what is left."""

from __future__ import annotations

import os
import textwrap
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import psutil
import pytest

from djudge.engine.errors import CandidateFault
from djudge.engine.packs.environments import environment_folder, make_environment
from djudge.engine.sandbox.contract import Answer, Ending, Identity, Layer, Limits, Request
from djudge.engine.sandbox.guest import Guest
from djudge.engine.sandbox.sandbox import Sandbox
from djudge.guest.standing import STANDING

LOCK = Path(__file__).parents[2] / "packs/shop/requirements.txt"
USER = Identity(1_869_990_001, 1_869_990_001)
PRELOAD = (
    "django.core.handlers.wsgi",
    "django.core.management",
    "django.db.backends.sqlite3.base",
    "django.db.migrations.executor",
    "django.contrib.contenttypes.models",
    "psycopg",
)
SETTINGS = """
import os
SECRET_KEY = "test"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "project.urls"
INSTALLED_APPS = ["stalls"]
MIDDLEWARE = []
USE_TZ = True
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["TMPDIR"] +
"/db.sqlite3"}}
"""
MODELS = """
from django.db import models
class Stall(models.Model):
    name = models.CharField(max_length=20)
    class Meta:
        app_label = "stalls"
"""
MIGRATION = """
from django.db import migrations, models
class Migration(migrations.Migration):
    initial = True
    operations = [migrations.CreateModel("Stall", [
        ("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=20))])]
"""
URLS = """
from django.http import HttpResponse
from django.urls import path
from stalls.models import Stall
def home(request):
    Stall.objects.create(name="cheese")
    return HttpResponse(f"{Stall.objects.count()} stalls")
urlpatterns = [path("", home)]
"""
PROJECT = {
    "project/__init__.py": "",
    "project/settings.py": SETTINGS,
    "project/urls.py": URLS,
    "stalls/__init__.py": "",
    "stalls/models.py": MODELS,
    "stalls/migrations/__init__.py": "",
    "stalls/migrations/0001_initial.py": MIGRATION,
}
WSGI = {"kind": "wsgi", "settings": "project.settings", "migrate": True}
LIMITS = Limits(wall_seconds=20, cpu_seconds=10, request_seconds=10)


def project(**changed: str) -> dict[str, bytes]:
    """The small project with some files changed; `urls="..."` means `project/urls.py`."""
    names = {"settings": "project/settings.py", "urls": "project/urls.py", "models": "stalls/models.py",
             "init": "stalls/__init__.py", "migration": "stalls/migrations/0001_initial.py"}  # fmt: skip
    files = PROJECT | {names[name]: textwrap.dedent(content) for name, content in changed.items()}
    return {path: content.encode() for path, content in files.items()}


def views(code: str) -> dict[str, bytes]:
    """The project with one view, `home`, made of this code."""
    head = "from django.http import HttpResponse, StreamingHttpResponse\nfrom django.urls import path\n"
    return project(urls=f"{head}{textwrap.dedent(code)}\nurlpatterns = [path('', home)]\n")


@pytest.fixture(scope="session")
def environment() -> Path:
    folder = environment_folder(LOCK)
    return folder if folder.is_dir() else make_environment(LOCK)


@pytest.fixture(scope="session")
def shared(environment: Path) -> Iterator[Sandbox]:
    with Sandbox(environment=environment, preload=PRELOAD, identity=USER) as sandbox:
        sandbox.start()
        yield sandbox


@pytest.fixture
def sandbox(shared: Sandbox) -> Iterator[Sandbox]:
    """The shared sandbox; after the test nothing may be left below it but the zygote and its keeper."""
    shared.start()
    yield shared
    assert_only_zygotes_left()


@pytest.fixture
def bare(environment: Path) -> Iterator[Callable[..., Sandbox]]:
    """Sandboxes of a test's own, without Django preloaded, and with layers left out."""
    opened: list[Sandbox] = []

    def make(*without: Layer, isolated: bool = True) -> Sandbox:
        sandbox = Sandbox(environment=environment, identity=USER, without=frozenset(without), isolated=isolated)
        opened.append(sandbox)
        return sandbox

    yield make
    for sandbox in opened:
        sandbox.close()
    assert_only_zygotes_left()


def assert_only_zygotes_left() -> None:
    """Every process below this one is a zygote, its keeper, or a jail that stands ready for the next guest."""
    deadline = time.monotonic() + 3
    while (left := _descendants_of_zygotes()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not left, [process.cmdline() for process in left]


def _descendants_of_zygotes() -> list[psutil.Process]:
    keepers = psutil.Process().children()
    zygotes = [zygote for keeper in keepers for zygote in keeper.children()]
    found = [process for zygote in zygotes for process in zygote.children(recursive=True)]
    return [process for process in found if process.is_running() and not stands_ready(process)]


def stands_ready(process: psutil.Process) -> bool:
    """A jail that waits. No guest can pass for one by its name: it has another user."""
    try:
        return process.name() == STANDING and process.uids().real == os.getuid()
    except psutil.NoSuchProcess:
        return True


def run_code(sandbox: Sandbox, code: str, limits: Limits = LIMITS, **more: object) -> tuple[int, str]:
    """Run a module in a guest: its exit status and what it printed."""
    with start_code(sandbox, code, limits, **more) as guest:
        result = guest.wait()
    return result.status, result.output.decode()


def start_code(sandbox: Sandbox, code: str, limits: Limits = LIMITS, **more: object) -> Guest:
    tree = {"attempt.py": textwrap.dedent(code).encode()}
    entry = {"kind": "command", "module": "attempt"}
    return sandbox.spawn(tree, entry=entry, limits=limits, **more)


def ending_of(sandbox: Sandbox, code: str, limits: Limits) -> tuple[CandidateFault, Ending]:
    """The fault of code that must not come to its end, and how its supervisor saw it end."""
    with start_code(sandbox, code, limits) as guest:
        with pytest.raises(CandidateFault) as caught:
            guest.wait()
        return caught.value, guest.stop()


def ask(sandbox: Sandbox, tree: Mapping[str, bytes], target: str = "/", limits: Limits = LIMITS) -> Answer:
    """One answer of a project's guest."""
    with sandbox.spawn(tree, entry=WSGI, limits=limits) as guest:
        return guest.http(Request(target=target))


def is_root() -> bool:
    return os.geteuid() == 0
