"""The OpenAPI description: checked in, up to date, and true under fire."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import schemathesis
import yaml
from django.conf import settings
from django.core.management import call_command

CHECKED_IN = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"
DESCRIPTION = yaml.safe_load(CHECKED_IN.read_text())
schema = schemathesis.openapi.from_dict(DESCRIPTION)


def test_the_checked_in_description_is_up_to_date() -> None:
    made = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=made)
    assert made.getvalue().strip() == CHECKED_IN.read_text().strip(), (
        "run: manage.py spectacular --file docs/openapi.yaml"
    )


def test_every_operation_has_its_own_clear_name() -> None:
    operations = [operation for path in DESCRIPTION["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    assert not any(name.startswith("api_") or "v1" in name for name in names)
    assert all(operation["description"] and "4XX" in operation["responses"] for operation in operations)
