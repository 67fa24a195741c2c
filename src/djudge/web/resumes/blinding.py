"""Who somebody is, taken out of a résumé's text so that what they did can be read first.

Hidden are the name, e-mail addresses, telephone numbers, links, schools, dates of birth and other facts about the
person, and the years of an education. Found by structure: what stands above the first heading or below one of contact,
what stands below one of education, and patterns. Photographs are never shown to begin with. It is a help against
prejudice and no secret-keeping: whoever wants to know looks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from djudge.web.resumes.document import Document
from djudge.web.resumes.reading.texts import CELL


class What(StrEnum):
    """What was hidden."""

    NAME = "name"
    ADDRESS = "e-mail address"
    PHONE = "telephone number"
    LINK = "link"
    SCHOOL = "school"
    YEAR = "year"
    PERSON = "about the person"


@dataclass(frozen=True, slots=True, order=True)
class Hidden:
    """From and to, counted as a signal's position is."""

    start: int
    end: int
    what: What


#: So many lines above the first heading are about who it is; a text without any headings has more.
_CONTACT_LINES: Final = 10

_CONTACT: Final = frozenset(
    (
        "contact", "kontakt", "kontaktdaten", "personal", "persönliche", "persönliches",
        "person", "personalien", "links", "details",
    )
)  # fmt: skip
_EDUCATION: Final = frozenset(
    (
        "education", "academic", "studies", "studium", "ausbildung", "schulbildung",
        "schule", "bildung", "bildungsweg", "hochschulbildung", "akademischer", "akademische",
        "schulische",
    )
)  # fmt: skip
#: Names that are words of résumés as well: hidden beside another name only.
_ALSO_WORDS: Final = frozenset(
    (
        "django", "python", "ruby", "java", "perl", "jenkins", "redis",
        "will", "may", "mark", "grant", "april", "june", "august",
    )
)  # fmt: skip

_WORD: Final = re.compile(r"[^\W\d_]+")
_ADDRESS: Final = re.compile(r"[\w.+%-]{1,64}(?:@|\s?[(\[]at[)\]]\s?)[\w-]{1,63}(?:\.[\w-]{1,63})+")
_LINK: Final = re.compile(
    r"(?:https?://|www\.)[^\s,;|]+"
    r"|(?<![\w.-])(?:[a-z0-9-]{1,63}\.){1,5}(?:com|org|net|io|dev|de|me|eu|at|ch|uk|app|tech|info|co|page|xyz|ai)/[^\s,;|]*"
    r"|\b(?:github|gitlab|linkedin|xing|bitbucket|stackoverflow|medium|twitter)\.com\b",
    re.IGNORECASE,
)
_BARE_LINK: Final = re.compile(
    r"(?<![\w.-])(?:[a-z0-9-]{1,63}\.){1,5}(?:com|org|net|io|dev|de|me|eu|at|ch|uk|app|tech|info|co|page|xyz|ai)\b"
)
_HANDLE: Final = re.compile(
    r"\b(?:github|gitlab|linkedin|xing|twitter|mastodon|skype|telegram|web|website|homepage|portfolio|blog)\s*:\s*"
    r"([^|·•,;\s](?:(?!  )[^|·•,;])*)",
    re.IGNORECASE,
)
_PHONE: Final = re.compile(r"(?:\+|\b00|\(\+?)\d[\d\s()/.-]{5,20}\d")
_ANY_PHONE: Final = re.compile(r"[+(]?\d[\d\s()/.-]{5,20}\d")
_PHONE_LABEL: Final = re.compile(r"\b(?:tel|telefon|telephone|phone|mobile?|mobil|handy|cell)\b[\s.:]*", re.IGNORECASE)
_DATE: Final = re.compile(r"\b\d{1,2}[./-]\s?\d{1,2}[./-]\s?(?:19|20)?\d\d\b|\b(?:19|20)\d\d-\d\d-\d\d\b")
_YEAR: Final = re.compile(r"\b(?:(?:0?[1-9]|1[0-2])[./])?(?:19|20)\d\d\b|[’']\d\d\b")
_AGE: Final = re.compile(r"\b\d{2}\s(?:years?\sold|jahre\salt)\b", re.IGNORECASE)
_BORN: Final = re.compile(
    r"\b(?:date of birth|place of birth|birth ?date|birthday|d\.?o\.?b\.?|born|geboren|geb\.|geburtsdatum|geburtsort"
    r"|geburtstag)[\s:]*((?:(?!  )[^|·•])+)",
    re.IGNORECASE,
)
_PERSONAL: Final = re.compile(
    r"\b(?:age|alter|nationality|citizenship|staatsangehörigkeit|nationalität|marital status|familienstand|gender|sex"
    r"|geschlecht|religion|konfession|children|kinder|address|anschrift|adresse)\s*:\s*((?:(?!  )[^|·•])+)",
    re.IGNORECASE,
)
_INSTITUTION_WORD: Final = (
    r"(?:university|universität|universitaet|université|universidad|college|school|hochschule|fachhochschule|institute"
    r"|institut|academy|akademie|gymnasium|realschule|gesamtschule|berufsschule|polytechnic|faculty|fakultät|uni)"
)
#: As written: the German "mit" is no school.
_ACRONYM: Final = re.compile(r"\b(?:TU|TH|FH|ETH|EPFL|MIT|RWTH|KIT|LMU|TUM|UCL|UCLA|LSE|HPI)\b")
_INSTITUTION: Final = re.compile(
    rf"\b{_INSTITUTION_WORD}\b|\w+(?:universität|hochschule|gymnasium|schule)\b", re.IGNORECASE
)
_INSTITUTION_NAME: Final = re.compile(
    r"(?:\b[A-ZÄÖÜ][\w.&’'-]*\s){0,4}\b(?i:" + _INSTITUTION_WORD + r")\b(?:\s(?:of|for|für|der|in|zu)\b)?"
    r"(?:\s(?:the\s|of\s)?[A-ZÄÖÜ][\w.&’'-]*){0,4}"
)
_DEGREE: Final = re.compile(
    r"\b(?:b\.?\s?sc|m\.?\s?sc|b\.?a\.|m\.?a\.|b\.?eng|m\.?eng|bachelor|master|ph\.?\s?d|doctor|doctorate|dr|diploma"
    r"|diplom\w*|magister|staatsexamen|abitur|matura|a-levels?|degree|mba|apprenticeship|lehre|ausbildung|fachinformatiker"
    r"\w*)\b",
    re.IGNORECASE,
)
_GRADUATED: Final = re.compile(
    r"\b(?:graduated?|graduate of|alumn\w+|class of|absolvent\w*|b\.?\s?sc|m\.?\s?sc|ph\.?\s?d|degree|abitur)\b",
    re.IGNORECASE,
)
_SUBJECT: Final = re.compile(
    r"science|informati|mathemat|physi|engineer|comput|software|statisti|econom|chemi|biolog|business|management|data|"
    r"wirtschaft|elektro|maschinen|linguist|psycholog|philosoph|design|media|medien|studies|thesis|grade|note|gpa|"
    r"focus|schwerpunkt|major|minor|honou?rs|distinction",
    re.IGNORECASE,
)
_SEGMENTS: Final = re.compile(r"\s{2,}|\s*[|·•,;()]\s*|\s[–—-]\s|\s+(?:at|from|an der|von der|@)\s+")
_TITLES: Final = re.compile(
    r"resume|résumé|curriculum|vitae|lebenslauf|developer|engineer|entwickler|profile|profil|contact|kontakt|django|python|"
    r"software|senior|junior|consultant|freelance",
    re.IGNORECASE,
)


def hidden(document: Document, *, name: str) -> Sequence[Hidden]:
    """What of a document's text tells who it is of; in order, none over another. Pure."""
    found: list[Hidden] = []
    contact, names = _contact_lines(document, name), _names(name)
    start = 0
    for number, line in enumerate(document.lines):
        is_contact = number in contact
        spans = list(_in_line(line.text, names, is_contact=is_contact, is_education=_is_education(line.section)))
        if is_contact and number == min(contact) and not _names_in(document, contact, names):
            spans += _first_line(line.text)
        found += [Hidden(start + span.start, start + span.end, span.what) for span in spans]
        start += len(line.text) + 1
    return _merged(found, document.text)


def hidden_in(text: str, *, name: str) -> Sequence[Hidden]:
    """The same for a text of somebody else's about them. Pure."""
    return _merged(list(_in_line(text, _names(name), is_contact=False, is_education=False)), text)


def _in_line(text: str, names: frozenset[str], *, is_contact: bool, is_education: bool) -> Iterator[Hidden]:
    yield from _named(text, names, is_contact=is_contact)
    yield from _every(_ADDRESS, text, What.ADDRESS)
    yield from _every(_LINK, text, What.LINK)
    yield from _phones(text, is_contact=is_contact)
    yield from _every(_AGE, text, What.PERSON)
    if is_contact:
        yield from _every(_BARE_LINK, text, What.LINK)
        yield from _every(_HANDLE, text, What.LINK, group=1)
        yield from _every(_PERSONAL, text, What.PERSON, group=1)
        yield from _every(_DATE, text, What.PERSON)
    yield from (each for each in _every(_BORN, text, What.PERSON, group=1) if is_contact or _holds_a_year(text, each))
    if is_education:
        yield from _every(_YEAR, text, What.YEAR)
        yield from _schools(text)
    elif _GRADUATED.search(text):
        yield from _every(_YEAR, text, What.YEAR)
        yield from _every(_INSTITUTION_NAME, text, What.SCHOOL)


def _every(pattern: re.Pattern[str], text: str, what: What, group: int = 0) -> Iterator[Hidden]:
    for match in pattern.finditer(text):
        yield Hidden(match.start(group), match.start(group) + len(match[group].rstrip(" .")), what)


def _holds_a_year(text: str, span: Hidden) -> bool:
    return bool(re.search(r"(?:19|20)\d\d", text[span.start : span.end]))


# --- Where


def _contact_lines(document: Document, name: str) -> frozenset[int]:
    """The lines above the first heading of each flow, and those below one that says contact, or their name."""
    names, above, found = _names(name), 0, []
    for number, line in enumerate(document.lines):
        words = {word.casefold() for word in _WORD.findall(line.section)}
        if not line.section and line.page <= 1 and above < _CONTACT_LINES:
            above += 1
            found.append(number)
        elif words & _CONTACT or len({_plain(word) for word in words} & names) >= min(2, len(names) or 2):
            found.append(number)
    return frozenset(found)


def _is_education(section: str) -> bool:
    return bool({word.casefold() for word in _WORD.findall(section)} & _EDUCATION)


# --- Names


def _names(name: str) -> frozenset[str]:
    return frozenset(_plain(word) for word in _WORD.findall(name) if len(word) > 1)


def _plain(word: str) -> str:
    """Without case and accents."""
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(each for each in parts if not unicodedata.combining(each))


def _named(text: str, names: frozenset[str], *, is_contact: bool) -> Iterator[Hidden]:
    words = [(match, _plain(match[0]) in names) for match in _WORD.finditer(text)]
    for number, (match, is_name) in enumerate(words):
        beside = [words[at] for at in (number - 1, number + 1) if 0 <= at < len(words)]
        has_name_beside = any(other and _touch(text, match, each) for each, other in beside)
        is_initial = len(match[0]) == 1 and match[0].isupper() and text[match.end() : match.end() + 1] == "."
        if (is_name and (is_contact or has_name_beside or _stands_alone(match[0]))) or (is_initial and has_name_beside):
            yield Hidden(match.start(), match.end() + is_initial, What.NAME)


def _touch(text: str, one: re.Match[str], other: re.Match[str]) -> bool:
    between = text[min(one.end(), other.end()) : max(one.start(), other.start())]
    return len(between) <= 2 and CELL not in between


def _stands_alone(word: str) -> bool:
    """A name by itself in running text: written like one, and no word that a résumé has anyway."""
    return word[0].isupper() and len(word) > 2 and _plain(word) not in _ALSO_WORDS


def _names_in(document: Document, lines: Iterable[int], names: frozenset[str]) -> bool:
    return any(_plain(word) in names for number in lines for word in _WORD.findall(document.lines[number].text))


def _first_line(text: str) -> Iterator[Hidden]:
    """Where the application's name stands nowhere above: a first line that looks like another name of theirs."""
    words = text.split()
    is_like_one = 2 <= len(words) <= 4 and all(word[0].isupper() and not re.search(r"[\d@:]", word) for word in words)
    if is_like_one and not _TITLES.search(text):
        yield Hidden(0, len(text), What.NAME)


# --- Numbers


def _phones(text: str, *, is_contact: bool) -> Iterator[Hidden]:
    pattern = _ANY_PHONE if is_contact or _PHONE_LABEL.search(text) else _PHONE
    for match in pattern.finditer(text):
        digits = sum(each.isdigit() for each in match[0])
        if 7 <= digits <= 15 and not _DATE.search(match[0]) and not _is_span(match[0]):
            yield Hidden(match.start(), match.end(), What.PHONE)


def _is_span(text: str) -> bool:
    """`2019 - 2023`, `06/2019 - 05/2023`: years and no number."""
    return bool(re.fullmatch(r"\(?(?:\d{1,2}[./])?(?:19|20)\d\d\s?-?\s?(?:\d{1,2}[./])?(?:19|20)?\d\d\)?", text))


# --- Schools


def _schools(text: str) -> Iterator[Hidden]:
    """In a line about an education: what is neither a degree nor a subject nor a sentence."""
    at = 0
    for gap in [*_SEGMENTS.finditer(text), None]:
        end = gap.start() if gap else len(text)
        yield from _school(text[at:end], at)
        at = gap.end() if gap else end


def _school(segment: str, at: int) -> Iterator[Hidden]:
    words = _WORD.findall(_YEAR.sub("", segment))
    if not words:
        return
    is_told = bool(_DEGREE.search(segment) or _SUBJECT.search(segment))
    if _INSTITUTION.search(segment) or _ACRONYM.search(segment):
        if not is_told:
            yield Hidden(at, at + len(segment), What.SCHOOL)
        for pattern in (_INSTITUTION_NAME, _ACRONYM) if is_told else ():
            for name in pattern.finditer(segment):
                yield Hidden(at + name.start(), at + name.end(), What.SCHOOL)
    elif not is_told and all(word[0].isupper() for word in words) and _plain(" ".join(words)) not in _EDUCATION:
        yield Hidden(at, at + len(segment), What.SCHOOL)


def _merged(found: list[Hidden], text: str) -> Sequence[Hidden]:
    """One after the other; those of one kind with nothing but a blank between them as one."""
    merged: list[Hidden] = []
    for span in sorted(each for each in found if each.start < each.end):
        last = merged[-1] if merged else None
        if last and span.start < last.end:
            longer = max(last, span, key=lambda each: each.end - each.start)
            merged[-1] = Hidden(last.start, max(last.end, span.end), longer.what)
        elif last and span.what == last.what and text[last.end : span.start] in ("", " ", "-", ". "):
            merged[-1] = Hidden(last.start, span.end, last.what)
        else:
            merged.append(span)
    return tuple(merged)
