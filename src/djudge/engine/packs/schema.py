"""The JSON schema of format 1, for editors and for whoever writes packs by machine.

`python -m djudge.engine.packs.schema` writes `docs/reference/format-1.schema.json`; a test fails when that
is out of date.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic.json_schema import models_json_schema

from djudge.engine.packs.manifests import AssessmentFile, ExpectedFile, Manifest, PackFile, TaskFile

FILE: Final = Path("docs", "reference", "format-1.schema.json")

_FILES: Final[Mapping[str, type[Manifest]]] = {
    "pack.toml": PackFile,
    "task.toml": TaskFile,
    "expected.toml": ExpectedFile,
    "assessments/<id>.toml": AssessmentFile,
}


def schema_text() -> str:
    """The schema of all files as text: a property a file, each a reference to its table."""
    references, definitions = models_json_schema(
        [(model, "validation") for model in _FILES.values()], title="Djudge packs, format 1"
    )
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **definitions,
        "type": "object",
        "properties": {name: references[model, "validation"] for name, model in _FILES.items()},
        "additionalProperties": False,
    }
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> int:
    """Writes the schema into the clone that this code runs from."""
    file = Path(__file__).resolve().parents[4] / FILE
    file.write_text(schema_text(), encoding="utf-8")
    print(f"Wrote {FILE}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
