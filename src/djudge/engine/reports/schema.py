"""The JSON schemas of reports. `python -m djudge.engine.reports.schema` writes them beside their explanations."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from djudge.engine.reports import assessment_document, document
from djudge.engine.reports.assessment_document import AssessmentReport
from djudge.engine.reports.document import Facts, Report

_FOLDER: Final = Path(__file__).resolve().parents[4] / "docs/reference"
FILE: Final = _FOLDER / f"report-{document.SCHEMA_VERSION}.schema.json"
ASSESSMENT_FILE: Final = _FOLDER / f"assessment-{assessment_document.SCHEMA_VERSION}.schema.json"

#: Each schema with the document that it is of.
SCHEMAS: Final[Mapping[Path, type[Facts]]] = {FILE: Report, ASSESSMENT_FILE: AssessmentReport}


def schema_text(model: type[Facts] = Report) -> str:
    """A schema as it is committed."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(mode="serialization"),
    }
    return json.dumps(schema, indent=2) + "\n"


if __name__ == "__main__":
    for file, model in SCHEMAS.items():
        file.write_text(schema_text(model), encoding="utf-8")
