"""JSON-LD of a record in the vocabulary of schema.org.

A page is a `WebPage` whose parts are its sections. Where the taxonomy knows health aspects, it is a
`MedicalWebPage`, sections are `HealthTopicContent` with their aspect, and `about` is the
`MedicalCondition`. Its properties are the items that the sections list, or else the section as a whole, and
point at the section that tells of them. Its name is the page's title: which condition it is, a record
does not say. Causes point at the condition (`causeOf`), for a condition has no property for them.
"""

import json
import re
from typing import Any

from pipeline.record import Record, Section
from pipeline.write.vocabulary import NO_VOCABULARY, Terms, Vocabulary

_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
"""What may be the name of a node; the page's own word for its address may be anything."""
_CONDITION = "#condition"
_TEXTS = ("epidemiology", "expectedPrognosis", "pathophysiology", "possibleComplication")
"""Properties of MedicalCondition whose value is text."""
_CAUSE = frozenset({"cause", "causeOf"})
_THINGS = {
    "differentialDiagnosis": "DDxElement",
    "drug": "Drug",
    "possibleTreatment": "MedicalTherapy",
    "primaryPrevention": "MedicalTherapy",
    "riskFactor": "MedicalRiskFactor",
    "secondaryPrevention": "MedicalTherapy",
    "signOrSymptom": "MedicalSignOrSymptom",
    "stage": "MedicalConditionStage",
    "typicalTest": "MedicalTest",
}
"""Properties of MedicalCondition whose value is a thing, and its type."""


def to_json_ld(record: Record, vocabulary: Vocabulary = NO_VOCABULARY) -> str:
    """Return the record as one JSON-LD document, two spaces a level."""
    terms = [vocabulary.get(section.label, Terms()) for section in record.sections]
    medical = any(known.aspect for known in terms)
    page: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage" if medical else "WebPage",
        **_said(record),
    }
    if medical:
        page["about"] = _condition(record, terms)
    page["mainEntity"] = _questions(record)
    page["hasPart"] = [_part(number, record, known) for number, known in enumerate(terms, 1)]
    return json.dumps(_without_empty(page), ensure_ascii=False, indent=2) + "\n"


def _said(record: Record) -> dict[str, Any]:
    """Return what the page says of itself."""
    said = record.metadata
    url = record.source.url if _ADDRESS.fullmatch(record.source.url or "") else None
    steps = [{"@type": "ListItem", "position": n, "name": step} for n, step in enumerate(record.breadcrumb, 1)]
    return {
        "@id": url,
        "url": url,
        "identifier": record.id,
        "name": record.title,
        "description": said.description,
        "inLanguage": record.language,
        "author": said.author and {"@type": "Person", "name": said.author},
        "datePublished": said.date,
        "isPartOf": said.site and {"@type": "WebSite", "name": said.site},
        "breadcrumb": steps and {"@type": "BreadcrumbList", "itemListElement": steps},
    }


def _condition(record: Record, terms: list[Terms]) -> dict[str, Any]:
    told: dict[str, list[Any]] = {}
    for number, (section, known) in enumerate(zip(record.sections, terms, strict=True), 1):
        if known.property in _TEXTS and (text := _text(record, section)):
            told.setdefault(known.property, []).append(text)
        elif known.property in _THINGS:
            told.setdefault(known.property, []).extend(_things(record, number, _THINGS[known.property]))
    definition = record.fields.definition
    condition: dict[str, Any] = {"@type": "MedicalCondition", "@id": _CONDITION, "name": record.title}
    condition["description"] = definition and definition.text
    return _without_empty(condition) | {key: values[0] if len(values) == 1 else values for key, values in told.items()}


def _things(record: Record, number: int, kind: str) -> list[dict[str, Any]]:
    """Return the things that a section lists; the section as a whole where it lists none."""
    section = record.sections[number - 1]
    inside = range(section.first_block, section.last_block + 1)
    names = [span.text for spans in record.fields.lists.values() for span in spans if span.block in inside]
    told_in = {"@id": _part_id(number)}
    return [
        _without_empty({"@type": kind, "name": name, "subjectOf": told_in})
        for name in dict.fromkeys(names or [section.heading])
    ]


def _questions(record: Record) -> list[dict[str, Any]]:
    asked = []
    for question in record.fields.questions:
        blocks = record.blocks[question.first_block : question.last_block + 1]
        answer = "\n\n".join(block.text for block in blocks).removeprefix(question.question.text).strip()
        accepted = {"@type": "Answer", "text": answer}
        asked.append({"@type": "Question", "name": question.question.text, "acceptedAnswer": accepted})
    return asked


def _part(number: int, record: Record, known: Terms) -> dict[str, Any]:
    section = record.sections[number - 1]
    causes = _things(record, number, "MedicalCause") if known.property in _CAUSE else []
    return _without_empty(
        {
            "@type": "HealthTopicContent" if known.aspect else "WebPageElement",
            "@id": _part_id(number),
            "position": number,
            "name": section.heading,
            "keywords": section.label,
            "hasHealthAspect": known.aspect and f"https://schema.org/{known.aspect}",
            "about": [cause | {"causeOf": {"@id": _CONDITION}} for cause in causes],
            "text": _text(record, section),
        }
    )


def _part_id(number: int) -> str:
    """Return a reference that resolves against the page's address; the HTML format has the same anchors."""
    return f"#section-{number}"


def _text(record: Record, section: Section) -> str:
    """Return the section's text without its heading and its captions."""
    blocks = record.blocks[section.first_block : section.last_block + 1]
    return "\n\n".join(block.text for block in blocks if block.kind not in {"heading", "caption"})


def _without_empty(value: dict[str, Any]) -> dict[str, Any]:
    return {key: item for key, item in value.items() if item not in (None, "", [], {})}
