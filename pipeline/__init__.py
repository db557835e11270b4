"""article-pipeline turns scraped, machine-translated pages into clean, structured, traceable records.

>>> import pipeline
>>> record = pipeline.clean("<h1>Tea</h1><p>Tea is a drink made of leaves and hot water.</p>")
>>> record.title
'Tea'
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.document import Block, Document
    from pipeline.journey import clean
    from pipeline.read.stage import read_page
    from pipeline.record import Change, Finding, Record, Section
    from pipeline.repair.stage import repair_translation
    from pipeline.sections.stage import label_sections
    from pipeline.strip.stage import strip_boilerplate

__version__ = "0.1.0"

_HOME = {
    "Block": "document",
    "Change": "record",
    "Document": "document",
    "Finding": "record",
    "Record": "record",
    "Section": "record",
    "clean": "journey",
    "label_sections": "sections.stage",
    "read_page": "read.stage",
    "repair_translation": "repair.stage",
    "strip_boilerplate": "strip.stage",
}

__all__ = [
    "Block",
    "Change",
    "Document",
    "Finding",
    "Record",
    "Section",
    "clean",
    "label_sections",
    "read_page",
    "repair_translation",
    "strip_boilerplate",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `pipeline --help` imports no stage."""
    from importlib import import_module

    if name not in _HOME:
        raise AttributeError(f"module 'pipeline' has no attribute {name!r}")
    return getattr(import_module(f"pipeline.{_HOME[name]}"), name)
