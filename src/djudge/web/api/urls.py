"""Addresses of the API, and of the pages about it."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from oauth2_provider.views import OAuthServerMetadataView

from djudge.web.api import consent, describing, pages, root, workspaces
from djudge.web.api.candidates import Applications, Candidates
from djudge.web.api.evidence import Invitations, Submissions
from djudge.web.api.jobs import Assessments, Jobs
from djudge.web.api.opinions import Decisions, Notes
from djudge.web.api.scorecards import Interviews, Scorecards

app_name = "api"

router = root.Router()
router.register("me", root.Me, "me")
router.register("jobs", Jobs, "job")
router.register("assessments", Assessments, "assessment")
router.register("candidates", Candidates, "candidate")
router.register("applications", Applications, "application")
router.register("invitations", Invitations, "invitation")
router.register("submissions", Submissions, "submission")
router.register("notes", Notes, "note")
router.register("decisions", Decisions, "decision")
router.register("interviews", Interviews, "interview")
router.register("scorecards", Scorecards, "scorecard")

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", pages.about, name="about"),
    path("team/api/", pages.keys, name="keys"),
    path("team/api/tokens/new/", pages.new_token, name="new-token"),
    path("team/api/tokens/<uuid:token_id>/revoke/", pages.revoke_token, name="revoke-token"),
    path("team/api/programs/new/", pages.new_client, name="new-client"),
    path("team/api/programs/<uuid:client_id>/remove/", pages.remove_client, name="remove-client"),
    path("team/api/programs/<uuid:client_id>/shut-out/", pages.shut_out, name="shut-out"),
    path("api/v1/schema/", describing.Schema.as_view(), name="schema"),
    path("api/v1/docs/", describing.Docs.as_view(), name="docs"),
    path("api/v1/", include(router.urls)),
    path("api/v1/workspaces/<str:token>/", workspaces.Tasks.as_view(), name="workspaces"),
    path("api/v1/workspaces/<str:token>/<int:position>/", workspaces.Workspace.as_view(), name="workspace"),
    path("api/v1/workspaces/<str:token>/<int:position>/files/", workspaces.Files.as_view(), name="workspace-files"),
    path(
        "api/v1/workspaces/<str:token>/<int:position>/hand-in/", workspaces.HandIn.as_view(), name="workspace-hand-in"
    ),
    # Whatever begins so is answered as the API answers.
    re_path(r"^api/v1/", root.Nothing.as_view(), name="nothing"),
]

#: The package asks for its addresses by these names.
oauth = (
    [
        path("oauth/authorize/", consent.Consent.as_view(), name="authorize"),
        path("oauth/token/", consent.Tokens.as_view(), name="token"),
        path("oauth/revoke/", consent.Revocation.as_view(), name="revoke-token"),
        path(".well-known/oauth-authorization-server", OAuthServerMetadataView.as_view(), name="oauth-server-metadata"),
    ],
    "oauth2_provider",
)
