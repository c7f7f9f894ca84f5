"""The application as a whole."""

from __future__ import annotations

import httpx

from regrade.web.app import create_app
from regrade.web.schemas import ClassOut, ReceiptOut
from regrade.workflow.workspace import Workspace


def test_it_describes_itself_to_nobody(still_ws: Workspace) -> None:
    app = create_app(still_ws)
    assert (app.docs_url, app.redoc_url, app.openapi_url) == (None, None, None)


def test_what_a_screen_is_made_of_has_no_field_for_a_role_or_a_peer() -> None:
    assert set(ReceiptOut.model_fields) == {"submission", "saved_at"}
    assert set(ClassOut.model_fields) == {"class_id", "key", "name", "definition"}


def test_an_encoded_path_is_the_same_path(visitors: dict[str, httpx.Client]) -> None:
    assert visitors["quillon"].get("/%70ublish").status_code == 403
    assert visitors["quillon"].get("/review%2fkinds").status_code == 200
    assert visitors[""].get("/static/..%2freview").status_code == 404
