"""Looking at a DOCX before anything parses it: how much it unpacks to, and whether its XML declares anything."""

from __future__ import annotations

import io
import zipfile
from typing import Final

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from djudge.web.resumes.reading.parts import UnreadableError

MOST_ENTRIES: Final = 1000
MOST_UNPACKED: Final = 40 * 1024 * 1024
#: Of one part of XML: a résumé's text has some hundred kilobytes.
MOST_XML: Final = 12 * 1024 * 1024
#: Elements within each other; text processors need some twenty.
DEEPEST: Final = 200
_CHUNK: Final = 1 << 16
_LOCKED: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def inspect(content: bytes) -> None:
    """Raises UnreadableError for what is no sound archive, unpacks to too much, or has XML that declares entities.

    Counted is what really comes out, not what the archive says of itself.
    """
    if content.startswith(_LOCKED):
        raise UnreadableError("locked")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _inspect(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise UnreadableError("broken") from error
    except RuntimeError as error:  # zipfile's word for an entry with a password
        raise UnreadableError("locked") from error


def _inspect(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if len(entries) > MOST_ENTRIES:
        raise UnreadableError("bomb", len(entries))
    if len(names) != len(entries):
        raise UnreadableError("broken")
    total = 0
    for entry in entries:
        is_xml = entry.filename.lower().endswith((".xml", ".rels"))
        total += _unpacked(archive, entry, MOST_XML if is_xml else MOST_UNPACKED)
        if total > MOST_UNPACKED:
            raise UnreadableError("bomb", total)
        if is_xml:
            _inspect_xml(archive, entry)


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> int:
    """How many bytes really come out, no further than `most`."""
    count = 0
    with archive.open(entry) as part:
        while chunk := part.read(_CHUNK):
            count += len(chunk)
            if count > most:
                raise UnreadableError("bomb", count)
    return count


def _inspect_xml(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """No document type, no entity, no depth without end."""
    depth = 0
    with archive.open(entry) as part:
        try:
            for event, element in iterparse(part, events=("start", "end"), forbid_dtd=True):
                depth += 1 if event == "start" else -1
                if depth > DEEPEST:
                    raise UnreadableError("bomb", depth)
                if event == "end":
                    element.clear()
        except DefusedXmlException as error:
            raise UnreadableError("declares") from error
        except ParseError as error:
            raise UnreadableError("broken") from error
