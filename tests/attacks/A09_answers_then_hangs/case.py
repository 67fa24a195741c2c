"""Answers as it should, and leaves threads and deaf children that hang for ever.

The end of a guest waits for nobody: all are killed when the judge is done. In the control the same children are still
there while the guest lives.
"""

import time

from tests.attacks.battery import Field, Outcome

from djudge.engine.sandbox.contract import Request

REASON = "killed when the judge is done"

APPLICATION = """
import os, signal, threading, time

def application(environ, start_response):
    if environ["PATH_INFO"] == "/hang":
        threading.Thread(target=time.sleep, args=(600,)).start()
        for _ in range(3):
            if os.fork() == 0:
                os.setsid()
                signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
                time.sleep(600)
    start_response("200 OK", [])
    return [b"%d" % sum(exists(pid) for pid in range(2, 100))]

def exists(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
"""


def attempt(field: Field) -> Outcome:
    with field.application(APPLICATION) as guest:
        answer = guest.http(Request(target="/hang"))
        began = time.monotonic()
        ending = guest.stop()
        seconds = time.monotonic() - began
    if answer.status == 200 and ending.reason == "stopped" and ending.peak_processes >= 1 and seconds < 2:
        return Outcome(succeeded=False, reason=REASON)
    return Outcome(succeeded=True, reason=f"{ending.reason} after {seconds:.1f} s")


def control(field: Field) -> Outcome:
    with field.application(APPLICATION) as guest:
        guest.http(Request(target="/hang"))
        time.sleep(0.3)
        left = int(guest.http(Request(target="/count")).body)
    return Outcome(succeeded=left >= 3, reason=f"{left} processes")
