"""The schema, and Swagger UI to try it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

#: Swagger UI brings its icons as data of its style sheet. Everything else of our policy holds there as well.
POLICY: Final = {**settings.SECURE_CSP, "img-src": [*settings.SECURE_CSP["img-src"], "data:"]}


@lru_cache(maxsize=1)
def whole_schema() -> dict[str, Any]:
    """All of the API, once a process: it depends on nobody who asks."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return schema


class Schema(SpectacularAPIView):
    """OpenAPI 3.1, as YAML or JSON, for everybody."""

    authentication_classes = []  # noqa: RUF012 (declared so above it)

    def _get_schema_response(self, request: Request) -> Response:
        return Response(whole_schema(), headers={"Content-Disposition": 'inline; filename="djudge-api-v1.yaml"'})


class Docs(SpectacularSwaggerSplitView):
    """Swagger UI from our own files: the page, and its script at the same address. For everybody."""

    authentication_classes = []  # noqa: RUF012 (declared so above it)
    template_name = "api/docs.html"
    title = "Djudge"

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        """With the one exception from our policy."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer._csp_config = POLICY  # type: ignore[attr-defined]
        return answer

    def _get_schema_url(self, request: Request) -> str:
        """Nothing of what an address says goes into the script."""
        return reverse("api:schema")
