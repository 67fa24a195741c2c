"""SH7's files hold together with the system: the expert is the shop's own code, the start differs where it says so."""

from __future__ import annotations

from pathlib import Path

import pytest

PACK = Path(__file__).resolve().parents[2] / "packs" / "shop"
TASK = PACK / "tasks" / "payment-webhook"
EXPERT = TASK / "solutions" / "expert"

FILES = sorted(path.relative_to(EXPERT) for path in EXPERT.rglob("*.py"))


@pytest.mark.parametrize("file", FILES, ids=str)
def test_the_expert_is_the_shop_s_own_code(file: Path) -> None:
    assert (EXPERT / file).read_bytes() == (PACK / "system" / file).read_bytes()


def test_the_start_has_the_shop_s_settings_with_a_secret_of_the_test_mode() -> None:
    own = (PACK / "system" / "stallhouse" / "settings.py").read_text().splitlines()
    start = (TASK / "start" / "stallhouse" / "settings.py").read_text().splitlines()
    differing = [(ours, theirs) for ours, theirs in zip(own, start, strict=True) if ours != theirs]
    assert len(differing) == 1
    assert differing[0][1].startswith('PROVIDER_SECRET = environ.text("PROVIDER_SECRET", "')
    secret = differing[0][1].split('"')[3]
    assert f'SECRET = "{secret}"' in (TASK / "messages.py").read_text()


def test_the_start_replaces_whatever_of_the_shop_shows_the_answer() -> None:
    for file in FILES:
        assert (TASK / "start" / file).exists(), file
