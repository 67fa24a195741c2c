"""Models with many relations (the guide's line 104)."""

from __future__ import annotations

import re
from typing import Final

from djudge.web.resumes.signals import claims, technology
from djudge.web.resumes.signals.findings import Finding
from djudge.web.resumes.signals.passages import Passages, Sentence
from djudge.web.resumes.signals.quoting import absent, finding
from djudge.web.resumes.signals.sections import Kind
from djudge.web.resumes.signals.words import Words

#: Words that mean models and nothing else.
_CERTAIN: Final = Words(
    "through model*, through table*, membership model*, manytomany*, manytomanyfield, m2m, m2m through",
    "generic relation*, generic foreign key*, genericforeignkey, contenttypes, content types, self_referenc*",
    "selfreferenc*, closure table, materiali_ed path, materialised path, materialized path, nested set*",
    "adjacency list, mptt, django-mptt, treebeard, django-treebeard, django-polymorphic, polymorphic model*",
    "polymorphic account*, django-tenants, django-tenant-schemas, schema per customer, schema per tenant",
    "schema per client, one schema per customer, row_level tenan*, tenant id, multi_table inheritance",
    "multitable inheritance, model inheritance, recursive cte, recursive ctes, ltree, mandantenfähig*, n:m",
    "n:m_beziehung*, models with inheritance, recursive query, recursive queries, baumstruktur*, stückliste*",
    "bill of materials, bill_of_materials, complex model*, complex relation* between models",
)
#: Words that mean it beside words about data: landlords have tenants, too.
_PERHAPS: Final = Words(
    "multi_tenant, multi_tenancy, multitenan*, tenant, between tenants, per tenant, mandanten, schema for each",
    "separate schema*, own schema, many_to_many, hierarch*, tree, trees, polymorph*, inheritance, recursive",
    "self_join*, parent layer, parent, nested, levels deep, graph of, belongs to many, relate, relation",
    "hierarchisch*, baum, mehrstufig*, verschachtelt*, several roles, join table*, versioned, sub_categor*",
    "relations",
)
_DATA: Final = Words(
    "django, django*, model, models, modelled, modeled, modelling, modeling, table, tables, row, rows, schema",
    "schemas, database, databases, data model, orm, query, queries, object, objects, foreign key*, saas, record",
    "records, sql, postgres*, datenmodell, datenmodelle, tabelle*, modell*, datenbank*, permission*, domain",
    "own rules",
)
#: Of other trades.
_NOT_DATA: Final = Words(
    "office buildings, housing, landlord, property manager, fashion, survival, statistical, mixed models",
    "bayesian, scale models, reported to, family relations, public relations",
)
#: "240 models", "20+ models", "about 35 models".
_MANY_MODELS: Final = re.compile(
    r"\b(?:[2-9]\d|\d{3})\s?\+?\s+(?:(?:django|orm|database|interrelated|related|linked|data)\s+)?"
    r"(?:models|tables|entities|modelle|tabellen|modellen)\b",
    re.IGNORECASE,
)


def find_relations(passages: Passages) -> Finding:
    """Said of something that was built; weaker in a list of skills."""
    if not any(_DATA.within(sentence.text) for sentence in passages.sentences):
        return absent("relations", passages)
    has_django = bool(technology.django_mentions(passages))
    strong: list[Sentence] = []
    weak: list[Sentence] = []
    for sentence in passages.sentences:
        if not _is_named(sentence, passages, has_django):
            continue
        is_listed = sentence.kind is Kind.SKILLS or (
            claims.is_list(sentence.text) and not _MANY_MODELS.search(sentence.text)
        )
        (weak if is_listed else strong).append(sentence)
    return finding("relations", passages, strong, weak)


def _is_named(sentence: Sentence, passages: Passages, has_django: bool) -> bool:
    text = sentence.text
    if sentence.kind in (Kind.WISHES, Kind.STUDY, Kind.LEISURE):
        return False
    span = _CERTAIN.first(text)
    if span and claims.is_claimed(sentence, span[0]):
        return True
    if _NOT_DATA.within(text):
        return False
    if _MANY_MODELS.search(text) and technology.DJANGO.within(passages.entries[sentence.entry]):
        return True
    span = _PERHAPS.first(text)
    if span is None or not claims.is_claimed(sentence, span[0]):
        return False
    return _DATA.within(_PERHAPS.without(text)) or (has_django and _DATA.within(passages.paragraphs[sentence.block]))
