"""The process that has Django: fills the platform and measures its pages at each size, as one JSON on stdout.

`python -m bench.web.child 100 100000`, in the environment of `bench.web.place`.
"""

from __future__ import annotations

import json
import os
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from bench.web.counters import Counters  # noqa: E402
from bench.web.data import Growing  # noqa: E402
from bench.web.pages import measured  # noqa: E402


def main(sizes: list[int]) -> None:
    """One team, measured at each size on its way up."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    team = Growing.make()
    found, before = {}, 0
    with Counters(os.environ["DATABASE_URL"]) as counters:
        for size in sizes:
            team.grow(before, size)
            found[str(size)] = measured(team, counters)
            before = size
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]])
