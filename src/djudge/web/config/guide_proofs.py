"""What holds each line of the guide: the tests of what acts on it, and what Djudge itself does about it.

The guide can be read twice: as what to look for in people, and as what a good Django product looks like. Where a line
is about the latter, `ours` says what we do; we pass our own exam. A line that a task measures is held by the task's
proofs too (reference solutions, wrong ones, mutants); those need no row here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Proof:
    """A test, as pytest names it, and what Djudge itself does of a line, where it is about that."""

    test: str
    ours: str = ""


_WIZARD: Final = Proof("tests/web/test_hiring.py::test_somebody_new_makes_a_job_and_invites_a_candidate_in_four_forms")
_BUILDER: Final = Proof("tests/web/test_browser.py::test_the_builder_shows_coverage_as_tasks_are_chosen")
_GUARDS: Final = Proof("tests/packs/test_assessments.py::test_each_guard_says_what_a_set_of_tasks_can_not_tell")
_BANK: Final = Proof("tests/web/test_question_bank.py::test_every_question_of_the_guide_is_there_once")
_USES: Final = Proof(
    "tests/web/test_question_bank.py::test_each_use_has_its_question_and_each_red_flag_of_a_use_stands_beside_it"
)
_USE_OF_JOB: Final = Proof("tests/web/test_plans.py::test_each_use_brings_its_own_question_and_no_other_use_does")
_GAP: Final = Proof("tests/web/test_plans.py::test_the_gap_is_filled_from_the_job_and_may_be_changed_for_one_interview")
_KIT: Final = Proof("tests/web/test_kits.py::test_the_kits_in_general_have_each_use_with_its_minutes")
_ANCHORS: Final = Proof(
    "tests/web/test_question_bank.py::test_a_recorded_answer_at_every_anchor_and_words_that_are_explained"
)
_LEVELS: Final = Proof(
    "tests/web/test_five_minutes.py::test_three_candidates_stand_on_levels_with_reasons_and_what_was_not_tested"
)
_STATEMENTS: Final = Proof(
    "tests/web/test_query_counts.py::test_a_list_needs_as_many_statements_for_fifty_rows_as_for_five",
    "No page asks the database once for each row.",
)
_RESUMES: Final = Proof(
    "tests/web/test_resume_pages.py::test_the_team_sees_the_text_with_places_questions_with_quotes_and_no_score"
)

_PHONE: Final = Proof(
    "tests/web/test_debriefs.py::test_the_three_questions_of_the_phone_stand_there_with_a_side_missing_or_both"
)

_API: Final = Proof(
    "tests/web/test_api_matrix.py::test_everybody_gets_what_is_theirs_at_every_endpoint_and_nothing_else",
    "What a team does on the pages its programs do by REST Framework, through the same doors.",
)

PROOFS: Final[Mapping[int, tuple[Proof, ...]]] = {
    **dict.fromkeys((10, 11), (_WIZARD,)),
    12: (_API,),
    13: (
        Proof(
            "tests/web/test_api.py::test_no_body_breaks_it",
            "Serializers take JSON by the letter and refuse unknown fields; no rule of ours is in one.",
        ),
    ),
    14: (
        Proof(
            "tests/web/test_api.py::test_every_list_needs_as_many_statements_for_forty_rows_as_for_four",
            "View sets on a router; no endpoint asks the database once for each row.",
        ),
    ),
    15: (
        Proof(
            "tests/web/test_api_keys.py::test_a_token_never_may_more_than_its_owner_does_now",
            "Scoped tokens, sessions and OAuth, each tried valid, expired, revoked and after its owner has left.",
        ),
    ),
    16: (
        Proof(
            "tests/web/test_api_docs.py::test_every_example_of_the_how_to_answers_as_it_is_written",
            "A schema that is compared in the tests, and examples that are run.",
        ),
    ),
    **dict.fromkeys((2, 3, 4, 17, 18, 24, 25), (_WIZARD,)),
    5: (
        Proof(
            "tests/web/test_hostile_texts.py::test_no_text_of_anybodys_becomes_part_of_a_page",
            "Every page is a template, and no text of anybody's becomes part of one.",
        ),
    ),
    6: (
        Proof(
            "tests/web/test_hostile_texts.py::test_what_was_typed_comes_back_as_text_where_a_form_is_refused",
            "All input goes through forms; what was refused comes back filled in.",
        ),
    ),
    7: (
        Proof(
            "tests/web/test_back_office.py::test_a_list_needs_as_many_statements_for_many_rows_as_for_few",
            "Every table of ours is in the admin, and no list of it grows in statements.",
        ),
    ),
    8: (
        Proof(
            "tests/web/test_access_matrix.py::test_everybody_gets_what_is_theirs_at_every_address_and_nothing_else",
            "Every address was asked for by everybody.",
        ),
    ),
    19: (_STATEMENTS,),
    20: (
        Proof(
            "tests/web/test_migrations.py::test_every_migration_goes_back_and_forth_with_rows_in_every_table",
            "Every migration goes back and forth with rows in every table.",
        ),
    ),
    21: (
        Proof(
            "tests/web/test_insights.py::test_a_funnel_takes_three_statements_for_any_number",
            "Figures are worked out by the database.",
        ),
    ),
    22: (
        Proof(
            "tests/web/test_nothing_lost.py::test_a_submission_is_graded_once_although_somebody_was_killed_when",
            "Grading and mail run in Celery; whoever is killed in between costs nobody a submission.",
        ),
        Proof("tests/web/test_no_waiting.py::test_nothing_that_somebody_does_waits_for_grading_or_mail"),
    ),
    26: (
        Proof(
            "tests/web/test_grading.py::test_a_report_reads_the_same_from_any_cache_and_without_one",
            "Valkey, Redis or Memcached by a setting, with the same pages from each and from none.",
        ),
        Proof("tests/web/test_memcached.py::test_one_that_is_killed_has_forgotten_and_no_page_fails"),
    ),
    27: (
        Proof(
            "tests/web/test_long_lists.py::test_whoever_comes_meanwhile_moves_nobody_over_the_edge_of_a_page",
            "Pages by key and not by offset, and a pool of connections in each process.",
        ),
    ),
    29: (
        Proof(
            "tests/web/test_settings.py::test_with_a_cdn_every_static_file_comes_from_there_and_the_policy_admits_it",
            "Static files have hashed names and may come from a CDN.",
        ),
    ),
    **dict.fromkeys((32, 38, 45), (_LEVELS,)),
    37: (
        Proof(
            "tests/web/test_scorecards.py::"
            "test_only_a_person_raises_the_sign_that_somebody_does_not_know_what_django_is_for"
        ),
        Proof("tests/web/test_debriefs.py::test_the_sign_of_line_37_stands_among_the_warning_signs_on_every_page"),
    ),
    44: (Proof("tests/web/test_hiring.py::test_another_level_than_two_needs_a_reason"),),
    47: (
        Proof("tests/web/test_scorecards.py::test_architecture_is_shown_by_two_raters_and_not_by_one"),
        Proof("tests/web/test_debriefs.py::test_one_rater_of_architecture_is_not_enough_and_every_page_says_so"),
    ),
    51: (Proof("tests/scoring/test_levels.py::test_years_of_experience_are_no_input"),),
    **dict.fromkeys((53, 54, 58, 59, 63, 64, 68, 69), (_WIZARD,)),
    **dict.fromkeys((56, 61, 66, 71), (_USES, _USE_OF_JOB)),
    62: (
        Proof(
            "tests/relations/test_relations.py::"
            "test_a_way_around_a_relation_raises_the_flag_with_both_kinds_of_evidence"
        ),
    ),
    **dict.fromkeys(range(74, 80), (_GUARDS, _BUILDER)),
    **dict.fromkeys((80, 81), (_WIZARD,)),
    **dict.fromkeys((85, 86), (_BANK, _ANCHORS, _GAP)),
    **dict.fromkeys((83, 88, 89, 90, 91, 92), (_BANK, _ANCHORS, _KIT)),
    84: (
        Proof(
            "tests/web/test_five_minutes.py::"
            "test_the_shop_is_looked_at_broken_in_the_editor_and_the_report_says_what_where_and_how_it_grows"
        ),
    ),
    87: (
        _BANK,
        _ANCHORS,
        Proof("tests/museum/test_exhibits.py::test_run_anew_at_the_smaller_size_it_shows_the_committed_counts"),
        Proof("tests/web/test_pads.py::test_before_and_after_stand_beside_each_other_and_both_see_the_same_curve"),
    ),
    **dict.fromkeys((94, 95, 96), (_ANCHORS, _PHONE)),
    97: (
        Proof("tests/web/test_question_bank.py::test_senior_about_n_plus_one_is_who_names_both_tools_and_says_when"),
        Proof(
            "tests/web/test_scorecards.py::test_senior_is_only_who_said_all_of_it_and_the_form_says_what_was_missing"
        ),
    ),
    **dict.fromkeys((101, 102, 103, 104, 105, 107, 108, 109, 110), (_RESUMES,)),
    98: (Proof("tests/web/test_question_bank.py::test_senior_needs_all_four_parts"),),
    99: (
        Proof("tests/web/test_question_bank.py::test_senior_needs_all_four_parts"),
        Proof(
            "tests/web/test_debriefs.py::"
            "test_said_drf_and_did_plain_views_stand_beside_each_other_with_the_sign_of_line_67"
        ),
    ),
}
