"""What a glossary file holds. docs/glossary.md explains each key; `pipeline.repair.phrase` the notation."""

from typing import Annotated, Any, Literal

import msgspec

from pipeline.record import Severity

Status = Literal["candidate", "trial", "approved", "disabled"]
"""candidate: written, not reviewed. trial: reviewed, reported, not applied. approved: applied. disabled: off, kept."""

ErrorType = Literal[
    "sense", "false_friend", "calque", "order", "construction", "function", "text", "furniture", "danger"
]
"""What went wrong: a wrong sense of one source word, a look-alike, a literal rendering of a phrase, words in the wrong
order, a wrong construction, a wrong preposition or article, letters or spacing, a line of the site inside the text,
a meaning turned round (reported with severity error, never mended)."""

FIELD_TOPICS = (
    "medicine", "geography", "driving", "cooking", "finance", "computing", "sports", "law", "religion", "military",
    "entertainment", "science", "pets",
)  # fmt: skip
"""Topics a document can have: see `pipeline.repair.topic`."""

Topic = Literal[
    "medicine", "geography", "driving", "cooking", "finance", "computing", "sports", "law", "religion", "military",
    "entertainment", "science", "pets",
]  # fmt: skip

_Text = Annotated[str, msgspec.Meta(min_length=1)]
_Id = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(\.[a-z0-9]+(-[a-z0-9]+)*){1,3}$", max_length=80)]
_Date = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where the error was seen. An entry without it comes from knowledge of the languages.

    Attributes:
        pages: on how many pages it was seen.
        seen: how often in all.
        where: what kind of page, in a few words; no sentence is copied from it.
    """

    pages: Annotated[int, msgspec.Meta(ge=1)]
    seen: Annotated[int, msgspec.Meta(ge=1)] | None = None
    where: str = ""


class Review(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who decided on the entry, when and why; never the one who wrote it."""

    by: _Text
    on: _Date
    why: str = ""


class Keep(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename={"text": "in"}):
    """A sentence that must stay, on a page of another topic or with less than the entry asks for.

    Attributes:
        text: the sentence.
        topic: the page's topic, if it is not the entry's first.
        mt: how much evidence there is, if it is not as much as the entry asks for.
        alone: whether the page is taken to hold neither an entry of `after` that fired nor the cues of `page`.
        mended_by: id of another entry that rightly mends it, so that it stays for this one only.
    """

    text: _Text
    topic: Topic | None = None
    mt: int | None = None
    alone: bool = False
    mended_by: str = ""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename={"not_": "not"}):
    """A reviewed repair with its conditions. Only `id`, `match` and `replace` are needed; a file's [defaults] fill in.

    Attributes:
        id: language.field.name, lower case with hyphens; never reused.
        match: the phrase, or phrases, to be mended.
        replace: what to put there; several are candidates, best first, and only suggested; empty: take it out.
        source: the source word or phrase that was mistranslated.
        type: what went wrong.
        status: only `approved` entries are applied.
        apply: `auto`, or `suggest` (a finding); by default `auto` where there is one replacement.
        topic: the document must be on one of these; empty: any.
        cues: one of these must stand in the paragraph within 300 characters, in any form; `@name` is a set of cues.
        unless: none of these may stand there.
        not_: phrases; where one of them overlaps the match, it stays.
        after: ids of entries (or patterns with `*`); where one of them fired on the document, cues are not asked for.
        page: cues that are looked for in the whole document; where enough of them stand, `cues` are not asked for.
        page_least: how many different ones are enough.
        mt: how much evidence of translation the document must hold: entries that fired, and markers.
        tokens: patterns of spaCy's Matcher, one of which must match tokens that overlap the phrase.
        case: whether the letters' case counts, in the match and in the replacement.
        article: `the` puts one before the replacement where no determiner stands, `a` puts a or an where the
            noun stands alone, `none` takes one away; `auto` does what the noun asks for where that is known.
        slots: closed lists for the slots of the phrases, by slot name.
        severity: of the finding, for suggestions.
        weight: what it counts as evidence that the document is a translation: 0 for an entry that is no sign of one;
            markers count less than 1 where English sometimes says so too.
        change: pairs of sentences, before and after.
        keep: sentences that must stay as they are.
        evidence: where the error was seen.
        review: who approved it.
        notes: for reviewers.
    """

    id: _Id
    match: _Text | Annotated[tuple[_Text, ...], msgspec.Meta(min_length=1)]
    replace: str | Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    source: str = ""
    type: ErrorType | None = None
    status: Status = "candidate"
    apply: Literal["auto", "suggest"] | None = None
    topic: tuple[Topic, ...] | None = None
    cues: tuple[_Text, ...] | None = None
    unless: tuple[_Text, ...] = ()
    not_: tuple[_Text, ...] = ()
    after: tuple[_Text, ...] = ()
    page: tuple[_Text, ...] = ()
    page_least: Annotated[int, msgspec.Meta(ge=1, le=9)] = 2
    mt: Annotated[int, msgspec.Meta(ge=0, le=9)] = 0
    tokens: tuple[tuple[dict[str, Any], ...], ...] = ()
    case: bool = False
    article: Literal["auto", "keep", "a", "the", "none"] = "auto"
    slots: dict[str, tuple[_Text, ...]] = {}
    severity: Severity | None = None
    weight: Annotated[float, msgspec.Meta(ge=0, le=1)] = 1.0
    change: tuple[tuple[_Text, str], ...] = ()
    keep: tuple[_Text | Keep, ...] = ()
    evidence: Evidence | None = None
    review: Review | None = None
    notes: str = ""

    @property
    def matches(self) -> tuple[str, ...]:
        """The phrases to be mended."""
        return (self.match,) if isinstance(self.match, str) else self.match

    @property
    def candidates(self) -> tuple[str, ...]:
        """The replacements, best first."""
        return (self.replace,) if isinstance(self.replace, str) else self.replace

    @property
    def automatic(self) -> bool:
        """Whether the entry is applied where its conditions hold; otherwise it is a finding."""
        if self.type == "danger" or len(self.candidates) != 1:
            return False
        return self.status == "approved" and self.apply != "suggest"

    @property
    def marker(self) -> bool:
        """Whether it changes and tells nothing and only counts as evidence: see `pipeline.repair.markers`."""
        return self.id.startswith("marker.")

    @property
    def vouches(self) -> bool:
        """Whether it counts as evidence: an approved entry that needs no evidence, no other entry and no page."""
        return self.status == "approved" and self.mt == 0 and self.weight > 0

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics it is for; empty for any."""
        return self.topic or ()


class Defaults(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the entries of a file have in common, where they do not say otherwise."""

    topic: tuple[Topic, ...] = ()
    type: ErrorType | None = None
    cues: tuple[_Text, ...] = ()
    unless: tuple[_Text, ...] = ()
    mt: int = 0


class GlossaryFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of the glossary: <source language>/<field>.toml."""

    defaults: Defaults = Defaults()
    cue_sets: dict[str, tuple[_Text, ...]] = {}
    entry: tuple[Entry, ...] = ()


class Refusal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A proposal that was refused, kept so that it is not made again."""

    match: _Text | tuple[_Text, ...]
    replace: str | tuple[str, ...]
    why: _Text
    by: _Text
    on: _Date
    source: str = ""
    language: str = ""


class RefusedFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file refused.toml."""

    refused: tuple[Refusal, ...] = ()


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a glossary file, for editors that complete and check TOML."""
    described = msgspec.json.schema(GlossaryFile)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "article-pipeline glossary",
        **described,
    }
