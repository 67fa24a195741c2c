"""From inside an editable folder: replaces `json`, `sys.path` and the guest's own classes while its settings are read.

It changes what the guest says, and nothing of what is measured.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import changed, fools_a_count_in_the_process, verdict

REASON = "patches-framework"
SHADOW = """
import gc
import json
import sys
import time
from types import ModuleType

from django.db.backends.utils import CursorWrapper
from django.test.utils import CaptureQueriesContext

sys.path.insert(0, str(BASE_DIR / "catalogue" / "shadow"))
for name in ("traceback", "logging.handlers", "decimal", "hmac"):
    sys.modules[name] = sys.modules.get(name, ModuleType(name))

time.monotonic = time.perf_counter = time.time = lambda: 0.0
CaptureQueriesContext.__len__ = lambda self: 4
CursorWrapper.execute = lambda self, sql, params=None: self.cursor.execute(sql, params)
for one in gc.get_objects():
    if isinstance(one, type) and one.__module__.startswith("djudge.guest"):
        for name in ("execution", "limits", "nonce", "gap", "unmeasured"):
            setattr(one, name, 0)
"""


def _files(field: Field) -> dict[str, str]:
    shadow = {"catalogue/shadow/__init__.py": "", "catalogue/shadow/html.py": "raise SystemExit\n"}
    return {**changed(field, "stallhouse/settings.py", added=SHADOW), **shadow}


def attempt(field: Field) -> Outcome:
    return verdict(field, _files(field), REASON)


def control(field: Field) -> Outcome:
    """A count in the process is fooled."""
    return fools_a_count_in_the_process(field, _files(field))
