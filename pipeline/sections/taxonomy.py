"""A taxonomy: which labels there are and which headings stand for them. Data, read strictly.

The shipped ones lie beside this file (`taxonomy.toml`, `taxonomies/*.toml`); a user's own file replaces
or extends them. `docs/taxonomy.md` describes the file.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec

from pipeline.data_file import line_of, parse_toml, read_text
from pipeline.errors import DataFileError
from pipeline.sections.heading_text import TOPIC, without_topic, words_of
from pipeline.sections.literals import Search

SHIPPED = {
    "health": "taxonomy.toml",
    "howto": "taxonomies/howto.toml",
    "wikisection": "taxonomies/wikisection.toml",
}
"""Names of the taxonomies that come with the package, and their files."""
_ID = re.compile(r"[a-z][a-z0-9_]*")


class Label(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A label and what stands for it.

    Attributes:
        id: its name in records, lower case with underscores.
        description: what its sections hold, one line.
        parent: the coarser label that it belongs to; empty for a coarse one.
        headings: headings that mean it, in any case, without articles; a heading stands under one label only.
        patterns: regular expressions for headings that no list can hold, searched in the heading's words
            (lower case, no articles, `#` for the topic), joined by single blanks.
        cues: regular expressions for sentences of its sections, searched in lower-case text where the
            heading is silent.
        openings: regular expressions for a sentence that opens such a section, searched in the first
            300 characters of a paragraph: they tell where a heading was lost.
        nouns: regular expressions for the words that announce its items ("symptoms", "signs?").
        classes: classes of the shipped models that count as this label.
        field: name of the list that is extracted from its sections; empty for none.
        bare: whether a first sentence without a verb ("Fever, a rash and pains.") lists its items.
        gathers: whether questions below its heading belong to it, whatever they ask.
        aside: whether other sections speak of it in passing: without a heading it is no section.
        schema_org: property of schema.org that its sections fill; empty for none.
        health_aspect: member of schema.org's HealthAspectEnumeration; empty for none.
    """

    id: str
    description: str
    parent: str = ""
    headings: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    openings: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    field: str = ""
    bare: bool = False
    gathers: bool = False
    aside: bool = False
    schema_org: str = ""
    health_aspect: str = ""


class TaxonomyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A taxonomy as its file holds it.

    Attributes:
        name: short name, shown in messages.
        description: what kind of page it is for.
        label: the labels, in the order in which records and tables list them.
        lead: label of the text before the first heading; empty: none by position.
        unknown: label of what nothing speaks for.
        vague: words of headings that say nothing of the label ("disease").
        wrappers: words before "of" that leave the label to what follows ("types of treatment").
    """

    name: str
    description: str
    label: tuple[Label, ...]
    lead: str = ""
    unknown: str = "other"
    vague: tuple[str, ...] = ()
    wrappers: tuple[str, ...] = ()


class Taxonomy:
    """Labels made ready for use; equal files give equal taxonomies."""

    def __init__(self, file: TaxonomyFile) -> None:
        self.file = file
        self.labels = {label.id: label for label in file.label}
        self.lead = file.lead
        self.unknown = file.unknown
        self.vague = frozenset(file.vague)
        self.wrappers = frozenset(file.wrappers)
        self.of_class = {c: label.id for label in file.label for c in label.classes}

    @cached_property
    def learned(self) -> bool:
        """Whether the models decide alone: it has classes of theirs and lists no heading."""
        return bool(self.of_class) and not any(label.headings or label.patterns for label in self.file.label)

    @cached_property
    def patterns(self) -> Search:
        """Expressions for headings."""
        return Search([(label.id, label.patterns) for label in self.file.label])

    @cached_property
    def openings(self) -> Search:
        """What opens the sections of each label."""
        return Search([(label.id, label.openings) for label in self.file.label])

    @cached_property
    def cues(self) -> Search:
        """The cues of each label that no model has learned; the others' are for taxonomies without models."""
        return Search([(label.id, label.cues) for label in self.file.label if not (self.of_class and label.classes)])

    @cached_property
    def phrases(self) -> dict[tuple[str, ...], str]:
        """The words of each listed heading → its label; a label's own name is listed too."""
        table: dict[tuple[str, ...], str] = {}
        for label in self.file.label:
            own = () if label.id == self.unknown else (label.id.replace("_", " "),)  # "Other" says nothing
            for heading in (*label.headings, *own):
                table.setdefault(without_topic(words_of(heading), self.vague), label.id)
        return table

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of a listed heading: such a word in a title does not name the topic."""
        return frozenset(word for phrase in self.phrases for word in phrase)

    @cached_property
    def longest(self) -> int:
        """Words of the longest listed heading."""
        return max(map(len, self.phrases), default=0)

    def coarse(self, label: str) -> str:
        """Return the label's outermost parent, itself if it has none."""
        while parent := self.labels[label].parent:
            label = parent
        return label


def load_taxonomy(name: str, extensions: Sequence[Path] = ()) -> Taxonomy:
    """Load a taxonomy by shipped name or path, extended by further files.

    A label of an extension that exists already gets the new headings, patterns and cues on top, and its
    other fields where the extension gives them; a heading listed there moves to the label that lists it.

    Raises:
        DataFileError: a file cannot be read or does not fit.
    """
    sources = (name, *map(str, extensions))
    return _build(tuple((s, _shipped(SHIPPED[s]) if s in SHIPPED else read_text(Path(s))) for s in sources))


def shipped_text(name: str) -> str:
    """Return the TOML text of a shipped taxonomy."""
    return _shipped(SHIPPED[name])


@lru_cache(maxsize=8)
def _shipped(file: str) -> str:
    return (resources.files("pipeline.sections") / file).read_text(encoding="utf-8")


@lru_cache(maxsize=16)
def _build(texts: tuple[tuple[str, str], ...]) -> Taxonomy:
    (first, text), *rest = texts
    file = _parse(text, first)
    for source, extension in rest:
        file = _extended(file, _parse(extension, source, base=file))
    return Taxonomy(file)


def _parse(text: str, source: str, base: TaxonomyFile | None = None) -> TaxonomyFile:
    path = Path(SHIPPED.get(source, source))
    file = parse_toml(text, TaxonomyFile, path)
    if source not in SHIPPED:  # those are checked by the tests: compiling every expression takes 0.1 s
        _check(file, text, path, base)
    return file


def _check(file: TaxonomyFile, text: str, path: Path, base: TaxonomyFile | None) -> None:
    """Refuse what would make labels ambiguous or fail later."""
    problems = chain(_label_problems(file, base), _heading_problems(file))
    for problem, keys, mend in problems:
        raise DataFileError(problem, path=path, line=line_of(text, keys), mend=mend)


def _label_problems(file: TaxonomyFile, base: TaxonomyFile | None) -> Iterator[tuple[str, str, str]]:
    known = {label.id: label for label in (*(base.label if base else ()), *file.label)}
    declared: dict[str, str] = {}
    for number, label in enumerate(file.label):
        at = f"$.label[{number}]"
        if not _ID.fullmatch(label.id):
            yield f"label id {label.id!r} is not lower case with underscores", f"{at}.id", ""
        for name in filter(None, (f"label {label.id}", label.field and f"field {label.field}")):
            if declared.setdefault(name, at) != at:
                yield f"{name} is declared twice", f"{at}.id", "Merge the two or name one of them anew"
        if problem := _parent_problem(label, known):
            yield problem, f"{at}.parent", ""
        for name in ("patterns", "cues", "openings", "nouns"):
            yield from ((problem, f"{at}.{name}", "") for problem in _expression_problems(label, name))
    for name, value in (("lead", file.lead), ("unknown", file.unknown)):
        if value and value not in known:
            yield f"{name} = {value!r} is no label of this file", f"$.{name}", f"Declare a [[label]] with id {value!r}"


def _parent_problem(label: Label, known: dict[str, Label]) -> str:
    above = label.parent
    for _ in range(len(known)):
        if not above:
            return ""
        if above not in known:
            return f"parent {above!r} of label {label.id!r} is no label"
        above = known[above].parent
    return f"label {label.id!r} is its own ancestor"


def _expression_problems(label: Label, name: str) -> Iterator[str]:
    for expression in getattr(label, name):
        try:
            re.compile(expression)
        except re.error as error:
            yield f"{name} of label {label.id!r}: {expression!r} is no regular expression ({error})"


def _heading_problems(file: TaxonomyFile) -> Iterator[tuple[str, str, str]]:
    seen: dict[tuple[str, ...], str] = {}
    for number, label in enumerate(file.label):
        at = f"$.label[{number}].headings"
        for heading in label.headings:
            key = without_topic(words_of(heading), frozenset(file.vague))
            if not key or key == (TOPIC,):
                yield f"heading {heading!r} of label {label.id!r} has no word that says anything", at, ""
            if (other := seen.setdefault(key, label.id)) != label.id:
                problem = f"heading {heading!r} stands under {other!r} and under {label.id!r}"
                yield problem, at, "A heading belongs to one label: keep one of the two"


def _extended(base: TaxonomyFile, more: TaxonomyFile) -> TaxonomyFile:
    labels = {label.id: label for label in base.label}
    moved = {without_topic(words_of(h), frozenset(base.vague)) for label in more.label for h in label.headings}
    for label in labels.values():
        kept = tuple(h for h in label.headings if without_topic(words_of(h), frozenset(base.vague)) not in moved)
        labels[label.id] = msgspec.structs.replace(label, headings=kept)
    for new in more.label:
        labels[new.id] = _merged(labels[new.id], new) if new.id in labels else new
    return TaxonomyFile(
        name=f"{base.name}+{more.name}",
        description=base.description,
        label=tuple(labels.values()),
        lead=more.lead or base.lead,
        unknown=base.unknown,
        vague=(*base.vague, *more.vague),
        wrappers=(*base.wrappers, *more.wrappers),
    )


def _merged(old: Label, new: Label) -> Label:
    lists = ("headings", "patterns", "cues", "openings", "nouns", "classes")
    values: dict[str, Any] = {name: getattr(old, name) + getattr(new, name) for name in lists}
    for name in ("description", "parent", "field", "bare", "gathers", "aside", "schema_org", "health_aspect"):
        values[name] = getattr(new, name) or getattr(old, name)
    return msgspec.structs.replace(old, **values)
