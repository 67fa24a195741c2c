"""Where the `djudge` command begins: small, so that Ctrl-C is answered before anything else is loaded.

Loading the commands takes some tenths of a second. Until `main` takes the signals over, nothing was started that would
have to be ended.
"""

from __future__ import annotations

import importlib
import os
import signal
from types import FrameType
from typing import NoReturn


def main() -> None:
    """Run the command. Ctrl-C while it is being loaded ends it at once: one line, exit status 130."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _stop)
    importlib.import_module("djudge.engine.cli.main").main()


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    """Without unwinding: a half-loaded module has nothing to clean up, and would print where it was."""
    os.write(2, b"Stopped. Nothing was left running.\n")
    os._exit(130)


if __name__ == "__main__":
    main()
