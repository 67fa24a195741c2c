"""The JSON schema of a report. `python -m djudge.engine.reports.schema` writes it beside its explanation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from djudge.engine.reports.document import SCHEMA_VERSION, Report

FILE: Final = Path(__file__).resolve().parents[4] / f"docs/reference/report-{SCHEMA_VERSION}.schema.json"


def schema_text() -> str:
    """The schema as it is committed."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Report.model_json_schema(mode="serialization"),
    }
    return json.dumps(schema, indent=2) + "\n"


if __name__ == "__main__":
    FILE.write_text(schema_text(), encoding="utf-8")
