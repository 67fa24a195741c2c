"""ORM and database work (the guide's line 108). A résumé can't show what somebody knows, only what it leaves out."""

from __future__ import annotations

from typing import Final

from djudge.web.resumes.signals import claims, technology
from djudge.web.resumes.signals.findings import Finding
from djudge.web.resumes.signals.passages import Passages, Sentence
from djudge.web.resumes.signals.quoting import absent, finding, is_incomplete, not_there
from djudge.web.resumes.signals.sections import Kind
from djudge.web.resumes.signals.words import Words

#: Products: in a list of technologies they are claims, anywhere else work.
_PRODUCTS: Final = Words(
    "orm, orms, sql, postgres, postgresql, postgis, mysql, mariadb, sqlite, oracle, database, databases, db, dbms",
    "db2, timescale, timescaledb, pl/sql, hibernate, sqlalchemy, doctrine, typeorm, datenbank*, *database",
)
#: What one does with them. Generously: a doubt that a word rules out is no doubt.
_PRACTICE: Final = Words(
    "queryset, querysets, data model*, schema, schemas, migration, migrations, select_related, prefetch_related",
    "prefetch, select_for_update, bulk_create, annotate*, aggregat*, subquery, subqueries, n+1, query time",
    "slow query, slow queries, query optimi*, indexes, replica*, relation table*, set_based, bulk_update*",
    "bulk update*, indices, indizes, deadlock*, transaction, transactions, foreign key*, joins, copy",
    "through model*, through table*, manytomany*, many_to_many, window function*, materiali*ed view*",
    "materialised path, materialized path, stored procedure*, partitions, partitioned table*, polymorphic model*",
    "content types, contenttypes, closure table, constraint, constraints, tables, self_referenc*, values_list",
    "raw sql, pg_*, datenmodell*, abfragen, tabellen, n:m, n:m_beziehung*, mandantenfähig*, rows",
    "generic relation*, recursive cte",
)
#: Words that mean it unless they are about something else.
_PERHAPS: Final = Words("model, models, modelled, modelling, modeled, modeling, query, queries, index")
#: Queries of search engines and readers, models of trains, languages and statistics.
_OTHER_MODELS: Final = Words(
    "fashion, model agency, language model*, machine learning, trained, regression, survival, statistical",
    "scale model*, power query, business model*, role model*, actuarial, ml, search query, search queries",
    "media quer*, bayesian, package index, packaging, wheels, search index, stock index",
)
_MOST: int = 2


def find_orm(passages: Passages) -> Finding:
    """Found where Django is claimed and nothing of this mentioned; weaker where it stands in a list of skills alone."""
    django = [sentence for sentence, _ in technology.django_mentions(passages)][:_MOST]
    named = [sentence for sentence in passages.sentences if _is_named(sentence, passages)]
    if any(not _is_listed(sentence) for sentence in named):
        return not_there("orm")
    if not django or is_incomplete(passages):
        return absent("orm", passages)
    return finding("orm", passages, () if named else django, [*django, *named])


def _is_named(sentence: Sentence, passages: Passages) -> bool:
    """In the sentence, or in the heading above it."""
    if _PRODUCTS.within(sentence.section):
        return True
    if any(_is_claimed(words, sentence) for words in (_PRODUCTS, _PRACTICE)):
        return True
    if _OTHER_MODELS.within(passages.paragraphs[sentence.block]) or sentence.kind is Kind.LEISURE:
        return False
    return _is_claimed(_PERHAPS, sentence)


def _is_claimed(words: Words, sentence: Sentence) -> bool:
    return any(claims.is_claimed(sentence, start) for start, _ in words.spans(sentence.text))


def _is_listed(sentence: Sentence) -> bool:
    if sentence.kind is Kind.SKILLS or claims.is_heard_of(sentence):
        return True
    if _PRACTICE.within(sentence.text) or _PERHAPS.within(sentence.text) or sentence.is_title:
        return False
    return technology.is_stack(sentence.text)
