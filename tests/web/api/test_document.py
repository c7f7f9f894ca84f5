"""The document says what the routes do, and no more."""

from __future__ import annotations

import httpx
from fastapi.routing import APIRoute

from regrade.records.users import Role
from regrade.web.access import ACCESS
from regrade.web.api import API_ROUTERS
from regrade.web.api.document import ROLES_KEY, TAGS, make_document, roles_of
from regrade.web.api.routing import ALWAYS

OPERATIONS = {
    (path, method.upper()): operation
    for path, operations in make_document()["paths"].items()
    for method, operation in operations.items()
}


def test_it_lists_every_route_of_the_api() -> None:
    routes = {
        (route.path, method)
        for router in API_ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    assert set(OPERATIONS) == routes
    assert {path for path, _ in OPERATIONS} == {path for path in ACCESS if path.startswith("/api/")} - {
        "/api/v1/openapi.json"
    }


def test_every_operation_says_what_it_does_what_it_sends_and_who_may() -> None:
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(set(names)) == len(names)
    for (path, method), operation in OPERATIONS.items():
        assert operation["description"].strip().endswith("."), path
        assert [tag for tag in operation["tags"] if tag not in TAGS] == []
        statuses = set(operation["responses"])
        assert {str(status) for status in ALWAYS} <= statuses, path
        assert ("415" in statuses) == ("requestBody" in operation), path
        assert ("413" in statuses) == (method == "POST"), path
        assert set(operation[ROLES_KEY]) <= set(Role)
        assert "admin" in operation[ROLES_KEY]
        (done,) = statuses & {"200", "201", "204"}
        content = operation["responses"][done].get("content", {})
        assert done == "204" or "image/png" in content or content["application/json"]["schema"], path


def test_errors_have_one_declared_shape() -> None:
    for operation in OPERATIONS.values():
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                schema = answer["content"]["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/ErrorOut"}
    schemas = make_document()["components"]["schemas"]
    assert set(schemas["ErrorBody"]["required"]) == {"code", "message", "remedy", "request_id"}
    assert "HTTPValidationError" not in schemas


def test_what_comes_in_is_closed_and_every_group_is_described() -> None:
    document = make_document()
    closed = {name: schema.get("additionalProperties") for name, schema in document["components"]["schemas"].items()}
    assert {closed[name] for name in closed if name.endswith("In")} == {False}
    assert [row["name"] for row in document["tags"]] == list(TAGS)
    assert {tag for operation in OPERATIONS.values() for tag in operation["tags"]} == set(TAGS)


def test_it_is_sent_to_those_who_are_logged_in(programs: dict[str, httpx.Client]) -> None:
    for name in ("quillon", "ottilie", "ursula"):
        assert programs[name].get("/openapi.json").json() == make_document()
    assert programs[""].get("/openapi.json").status_code == 401


def test_roles_stand_in_the_table_of_access() -> None:
    assert roles_of("/api/v1/review/verdicts") == ["reviewer", "admin"]
    assert roles_of("/api/v1/overview") == ["adjudicator", "admin", "viewer"]
    assert roles_of("/api/v1/publication") == ["admin"]
