"""The environment digest: what a count may depend on. Within one, the same submission gets the same report."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from dataclasses import asdict, dataclass

from djudge.engine.packs.model import Pack
from djudge.engine.packs.seeds import Seed
from djudge.engine.packs.tree import pack_digest
from djudge.engine.postgres.binaries import Binaries


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Seed, pack, Python minor, Django and PostgreSQL build where the pack has them.

    Nothing of the machine, the user, the folder or the hour.
    """

    seed: str
    assessment: str
    pack: str
    python: str
    django: str
    postgres: str

    @property
    def digest(self) -> str:
        """One word for all of it; budgets and proofs are kept under it."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:32]


def environment_of(pack: Pack, seed: Seed, binaries: Binaries) -> Environment:
    """The environment in which this pack is measured here. Reads the pack's files; starts nothing."""
    return Environment(
        seed=seed.hex,
        assessment=seed.assessment,
        pack=pack_digest(pack),
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
        django=locked_version(pack, "django"),
        postgres=binaries.build if pack.postgres else "",
    )


def locked_version(pack: Pack, package: str) -> str:
    """A package's version as the pack's lock file pins it; a pack without it has none."""
    locked = re.search(rf"(?m)^{package}==(\S+)", pack.requirements.read_text())
    return locked[1] if locked else ""
