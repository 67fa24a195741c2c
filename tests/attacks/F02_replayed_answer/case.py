"""Answers before it is asked: sends the page of the last request again, under the next number.

It passes for an answer; the one that the guest then really gives comes when nobody asked.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import changed, verdict

REASON = "protocol"
REPLAY = """
import json
import struct
import sys
import threading


def replaying(get_response):
    def respond(request):
        response = get_response(request)
        frame = sys._getframe()
        while "answer" not in frame.f_locals:
            frame = frame.f_back
        answer = frame.f_locals["answer"]
        about = {"run": answer._about["run"], "id": answer._about["id"] + 1}
        frames = (
            (b"A", json.dumps(about | {"status": 200, "headers": [["content-type", "text/html"]]}).encode()),
            (b"B", response.content[:60000]),
            (b"E", json.dumps(about | {"cut": False, "broken": False}).encode()),
        )
        payload = b"".join(struct.pack(">cI", kind, len(content)) + content for kind, content in frames)
        threading.Timer(0.02, lambda: answer._channel.sendall(payload)).start()
        return response

    return respond
"""
MIDDLEWARE = '\nMIDDLEWARE = [*MIDDLEWARE, "catalogue.replay.replaying"]\n'


def _files(field: Field) -> dict[str, str]:
    return {**changed(field, "stallhouse/settings.py", added=MIDDLEWARE), "catalogue/replay.py": REPLAY}


def attempt(field: Field) -> Outcome:
    return verdict(field, _files(field), REASON)


def control(field: Field) -> Outcome:
    """The replayed frames do look like an answer: a guest that is asked once works as ever."""
    with field.shop(_files(field)) as guest:
        status = guest.get("/products/").answer.status
    return Outcome(succeeded=status == 200, reason=f"status {status}")
