"""The résumé of one of the sample's candidates, as a file like those that people send."""

from __future__ import annotations

import io
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

NAME: Final = "carla-competente.docx"

_HEAD: Final = ("Carla Competente", "Lisbon · carla@sample.example")
_SECTIONS: Final = (
    (
        "Experience",
        (
            "Backend developer, Mercado do Bairro, since 2022",
            "Look after the orders of a market with forty stalls, written in Django and run for 9,000 users a day.",
            "Wrote the API for the stalls' tablets with Django REST Framework; sends its mails with Celery and Redis.",
            "Cut the order list from 240 queries to 6 by prefetching, and keep it there with a test that counts.",
            "Modelled prices by stall and season as a many-to-many relation with a through model of its own.",
            "Python developer, Instituto de Marés, 2019 to 2022",
            "Scripts in Python that read gauges every ten minutes, and a small library that others install.",
        ),
    ),
    ("Education", ("Engineering, Universidade do Porto, 2019",)),
    ("Languages", ("Portuguese, English, some German",)),
)


def file() -> SimpleUploadedFile:
    """A DOCX. Some ten milliseconds."""
    document = Document()
    document.add_heading(_HEAD[0], 0)
    document.add_paragraph(_HEAD[1])
    for heading, lines in _SECTIONS:
        document.add_heading(heading, 1)
        for line in lines:
            document.add_paragraph(line)
    packed = io.BytesIO()
    document.save(packed)
    return SimpleUploadedFile(NAME, packed.getvalue())
