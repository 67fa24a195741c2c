"""What drf-spectacular is told beside what it reads from views and serializers: ways in, scopes, problems."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from djudge.web.api.authentication import BearerAuthentication, SessionAuthentication
from djudge.web.api.problems import KINDS, MEDIA_TYPE
from djudge.web.api.scopes import DESCRIBED, Scope

_OAUTH: Final = {
    "type": "oauth2",
    "description": "Programs that people of a team let in.",
    "flows": {
        "authorizationCode": {
            "authorizationUrl": "/oauth/authorize/",
            "tokenUrl": "/oauth/token/",
            "refreshUrl": "/oauth/token/",
        }
    },
}


class Described(AutoSchema):
    """Each operation with the scope that it needs."""

    @property
    def scope(self) -> Scope | None:
        """What a token needs for it."""
        found: Scope | None = self.view.scopes[self.view.action]  # type: ignore[attr-defined]
        return found

    def get_description(self) -> str:  # type: ignore[override]
        """What the view says of itself, and the scope."""
        said = super().get_description()
        return f"{said}\n\nScope: `{self.scope.value}`." if self.scope else said

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        """What is shown is called as it is called on the pages."""
        return type(serializer).__name__.removesuffix("View")


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tokens of our own, and OAuth's."""

    target_class = BearerAuthentication
    name = ["token", "oauth"]  # noqa: RUF012 (declared so above it)

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[Any]]]:
        """One of both; OAuth names the scope."""
        return [{"token": []}, {"oauth": [auto_schema.scope.value] if auto_schema.scope else []}]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, Any]]:
        """Of both."""
        scopes = {name: str(says) for name, says in DESCRIBED.items()}
        flows = {"authorizationCode": {**_OAUTH["flows"]["authorizationCode"], "scopes": scopes}}  # type: ignore[index]
        token = {"type": "http", "scheme": "bearer", "description": "A token of yours, made on the team's pages."}
        return [token, {**_OAUTH, "flows": flows}]


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The session of the pages."""

    target_class = SessionAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """A cookie."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


_PROBLEM: Final = {
    "type": "object",
    "description": "RFC 9457: what happened, whose fault it is, and what to do.",
    "required": ["type", "title", "status", "detail", "fault", "cure"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Leads to the API's page."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "fault": {"type": "string", "enum": ["caller", "djudge"]},
        "cure": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "says"],
                "properties": {"field": {"type": "string"}, "says": {"type": "string"}},
            },
        },
    },
}
#: Any operation may answer so; those that read a body so, too.
_ALWAYS: Final = (400, 401, 403, 404, 406, 429)
_WITH_BODY: Final = (409, 412, 413, 415, 422)


def complete(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A hook of drf-spectacular: problems as answers, headers of ours, and that unknown fields are refused."""
    components = result["components"]["schemas"]
    components["Problem"] = _PROBLEM
    for name, each in components.items():
        if name.endswith("Request") and each.get("type") == "object":
            each["additionalProperties"] = False
    for path in result["paths"].values():
        for method, operation in path.items():
            _with_problems(method, operation)
            _with_headers(method, operation)
    return result


def _with_problems(method: str, operation: dict[str, Any]) -> None:
    titles: dict[int, list[str]] = {}
    for kind in KINDS.values():
        titles.setdefault(kind.status, []).append(str(kind.title))
    for status in (*_ALWAYS, *(_WITH_BODY if method != "get" else ())):
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        operation["responses"].setdefault(
            str(status), {"description": "; ".join(titles[status]) + ".", "content": content}
        )


def _with_headers(method: str, operation: dict[str, Any]) -> None:
    if "201" in operation["responses"]:
        key = {"type": "string", "maxLength": 200, "pattern": "^[!-~]*$"}
        says = "Sent again within a day, the same request gets the same answer, and creates nothing more."
        operation.setdefault("parameters", []).append(_header("Idempotency-Key", says, key))
    if method == "patch":
        says = "The ETag that you have seen: nothing is changed where it is another by now."
        operation.setdefault("parameters", []).append(_header("If-Match", says, {"type": "string"}))


def _header(name: str, says: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "description": says, "schema": schema}
