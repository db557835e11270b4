"""A draft of an entry on its way through a form: every field a text, nothing lost that the form does not show."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from pipeline.data_file import parse_toml
from pipeline.errors import DataFileError
from pipeline.repair.entry import Entry, GlossaryFile
from pipeline.repair.exchange import to_toml
from pipeline.repair.glossary_files import parse_file
from pipeline.repair.phrase import PhraseError
from pipeline.review.candidate import Candidate
from pipeline.review.web.counting import mended

LISTS = {"topic": "topic", "cues": "cues", "unless": "unless", "not": "not_"}
"""Kinds of guards that are lists: their names in forms and files, and the fields they are kept in."""
MOST_ITEMS = 60
MOST_CHARACTERS = 2000
LEAST_EXAMPLES = 2
_DRAFT = Path("draft.toml")
_NAME = re.compile(r"[^a-z0-9]+")


class Draft(msgspec.Struct, frozen=True):
    """What a reviewer edits. See `pipeline.repair.entry.Entry` for the fields.

    Attributes:
        rest: keys of the entry that the form does not show, as in TOML.
        delete: whether an empty replacement is meant: the phrase is to be taken out.
    """

    id: str = ""
    match: tuple[str, ...] = ()
    replace: tuple[str, ...] = ("",)
    source: str = ""
    type: str = ""
    topic: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    not_: tuple[str, ...] = ()
    mt: int = 0
    change: tuple[tuple[str, str], ...] = ()
    keep: tuple[str, ...] = ()
    notes: str = ""
    rest: dict[str, Any] = {}
    delete: bool = False

    @property
    def lacks_replacement(self) -> bool:
        """Whether nothing was said yet of what is to stand there."""
        return not any(self.replace) and not self.delete

    @property
    def language(self) -> str:
        """The language in its id."""
        return self.id.split(".")[0]

    @property
    def field(self) -> str:
        """The field in its id."""
        return self.id.split(".")[1] if self.id.count(".") > 1 else ""


def draft_of(candidate: Candidate) -> Draft:
    """Return the draft that a candidate comes with; where it has none or a faulty one, what its phrase gives."""
    entry: Entry | None = None
    if candidate.draft:
        try:
            content = parse_toml(candidate.draft, GlossaryFile, _DRAFT)
            entry = content.entry[0] if content.entry else None
        except DataFileError:
            entry = None
    if entry is None:
        return _bare(candidate)
    return from_entry(entry)


def from_entry(entry: Entry) -> Draft:
    """Return an entry as a draft."""
    value: dict[str, Any] = msgspec.to_builtins(entry)
    shown = {"id", "match", "replace", "source", "type", "mt", "change", "keep", "notes", *LISTS, "status", "review"}
    kept = [keep for keep in entry.keep if isinstance(keep, str)]
    rest = {key: item for key, item in value.items() if key not in shown}
    rest |= {key: [] for key in ("topic", "cues") if value.get(key) == []}
    if others := [item for item in value.get("keep", ()) if not isinstance(item, str)]:
        rest["keep"] = others
    return Draft(
        id=entry.id,
        match=entry.matches,
        replace=entry.candidates,
        source=entry.source,
        type=entry.type or "",
        topic=entry.topics,
        cues=entry.cues or (),
        unless=entry.unless,
        not_=entry.not_,
        mt=entry.mt,
        change=entry.change,
        keep=tuple(kept),
        notes=entry.notes,
        rest=rest,
    )


def _bare(candidate: Candidate) -> Draft:
    replacement = candidate.replacements[0].text if candidate.replacements else ""
    source = candidate.sources[0].term if candidate.sources else ""
    return Draft(
        id=name_of(candidate.language, candidate.field, replacement or candidate.phrase, candidate.id),
        match=(candidate.phrase,),
        replace=(replacement,),
        source=source,
        type="sense",
    )


def name_of(language: str, field: str, words: str, fallback: str) -> str:
    """Return an id for an entry.

    >>> name_of("ru", "spine", "spinal column", "x"), name_of("", "", "ёж", "ab12")
    ('ru.spine.spinal-column', 'any.general.entry-ab12')
    """
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    name = _NAME.sub("-", plain).strip("-")[:40].rstrip("-") or f"entry-{_NAME.sub('', fallback.lower())[:8] or '1'}"
    parts = (_NAME.sub("", language.lower()) or "any", _NAME.sub("", field.lower()) or "general")
    return ".".join((*parts, name))


def from_form(form: Mapping[str, Sequence[str]], base: Draft) -> Draft:
    """Return the draft that a form holds, cut to size; what it does not show is that of `base`."""
    pairs = zip(_texts(form, "change_before"), _texts(form, "change_after"), strict=False)
    mt = _one(form, "mt")
    return Draft(
        id=_one(form, "entry_id") or base.id,
        match=_lines(_one(form, "match")),
        replace=_lines(_one(form, "replace")) or ("",),
        source=_one(form, "source"),
        type=_one(form, "type"),
        topic=_set(form, "topic"),
        cues=_set(form, "cues"),
        unless=_set(form, "unless"),
        not_=_set(form, "not"),
        mt=int(mt) if re.fullmatch("[0-9]", mt) else 0,
        change=tuple((before, after) for before, after in pairs if before or after),
        keep=tuple(filter(None, _texts(form, "keep"))),
        notes=_one(form, "notes"),
        rest=base.rest,
        delete=bool(_one(form, "delete")),
    )


def _one(form: Mapping[str, Sequence[str]], name: str) -> str:
    values = form.get(name) or ("",)
    return _clean(values[0])


def _texts(form: Mapping[str, Sequence[str]], name: str) -> list[str]:
    return [_clean(value) for value in (form.get(name) or ())[:MOST_ITEMS]]


def _set(form: Mapping[str, Sequence[str]], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, _texts(form, name))))


def _clean(text: str) -> str:
    return text[:MOST_CHARACTERS].replace("\r\n", "\n").strip()


def _lines(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (line.strip() for line in text.split("\n")[:MOST_ITEMS]))))


class InvalidDraftError(ValueError):
    """A draft that is no entry; its argument says why, for people."""


def to_entry(draft: Draft, cue_sets: Mapping[str, Sequence[str]] | None = None) -> Entry:
    """Return the entry that a draft describes.

    Args:
        draft: the draft.
        cue_sets: the sets that its cues may name.

    Raises:
        InvalidDraftError: a field is not as it must be.
    """
    try:
        entry = msgspec.convert(as_value(draft), Entry)
        parse_file(to_toml(entry), _DRAFT, {name: tuple(words) for name, words in (cue_sets or {}).items()})
    except msgspec.ValidationError as error:
        raise InvalidDraftError(_in_words(str(error), draft)) from error
    except DataFileError as error:
        raise InvalidDraftError(error.problem) from error
    return entry


def as_value(draft: Draft) -> dict[str, Any]:
    """Return a draft as the keys and values of TOML; what it does not say is left out."""
    value: dict[str, Any] = {
        "id": draft.id,
        "match": list(draft.match) if len(draft.match) != 1 else draft.match[0],
        "replace": list(draft.replace) if len(draft.replace) != 1 else draft.replace[0],
        "source": draft.source,
        "topic": list(draft.topic) or None,
        "cues": list(draft.cues) or None,
        "unless": list(draft.unless),
        "not": list(draft.not_),
        "mt": draft.mt,
        "change": [list(pair) for pair in draft.change],
        "keep": [*draft.keep, *draft.rest.get("keep", ())],
        "notes": draft.notes,
        "type": draft.type or None,
    }
    return {**draft.rest, **{key: item for key, item in value.items() if item is not None}}


def _in_words(problem: str, draft: Draft) -> str:
    if "`$.id`" in problem:
        return f"{draft.id!r} is no id: write language.field.name in small letters, as ru.spine.ridge"
    if not draft.match:
        return "there is no phrase to be mended"
    return problem


def act(draft: Draft, action: str) -> Draft:
    """Return a draft with one step done to it, as buttons name them; unknown steps do nothing.

    >>> act(Draft(cues=("eye",)), "drop:cues:eye").cues
    ()
    >>> act(Draft(), "add:not:grass widow").not_
    ('grass widow',)
    """
    name, _, rest = action.partition(":")
    kind, _, value = rest.partition(":")
    value = _clean(value)
    match name:
        case "add" | "drop":
            return _guarded(draft, kind, value, add=name == "add")
        case "source":
            return msgspec.structs.replace(draft, source=_clean(rest))
        case "replace":
            return msgspec.structs.replace(draft, replace=(_inflected(_clean(rest), draft),), delete=not _clean(rest))
        case "keep":
            return msgspec.structs.replace(draft, keep=_with(draft.keep, _clean(rest)))
        case "change":
            return msgspec.structs.replace(draft, change=(*draft.change, (_clean(rest), "")))
        case _:
            return draft


def _inflected(text: str, draft: Draft) -> str:
    """Return a replacement that is picked with the mark of a noun where the phrase bears it.

    >>> _inflected("herb", Draft(match=("grass:n",))), _inflected("herb", Draft(match=("of grass",)))
    ('herb:n', 'herb')
    """
    noun = bool(draft.match) and all(phrase.endswith(":n") for phrase in draft.match)
    return f"{text}:n" if noun and re.search(r"[a-z]\Z", text) else text


def following(draft: Draft, before: Draft, cue_sets: Mapping[str, Sequence[str]]) -> Draft:
    """Return a draft whose examples follow its phrase and replacement, as far as they did so before.

    An example whose outcome was what the earlier draft made of it gets the outcome of the new one.
    """
    if (draft.match, draft.replace) == (before.match, before.replace) or not any(draft.replace):
        return draft
    try:
        old, new = (to_entry(msgspec.structs.replace(one, change=()), cue_sets) for one in (before, draft))
        change = tuple(
            (text, outcome(new, text) if after in {outcome(old, text), ""} else after) for text, after in draft.change
        )
    except (InvalidDraftError, PhraseError):
        return draft
    return msgspec.structs.replace(draft, change=change)


def outcome(entry: Entry, sentence: str) -> str:
    """Return a sentence as an entry would mend it, its guards left aside."""
    return "".join(same + new for same, _, new in mended(entry, sentence))


def _guarded(draft: Draft, kind: str, value: str, *, add: bool) -> Draft:
    if kind == "mt":
        number = int(value) if re.fullmatch("[0-9]", value) else 0
        return msgspec.structs.replace(draft, mt=number if add else 0)
    if (name := LISTS.get(kind)) is None or not value:
        return draft
    now: tuple[str, ...] = getattr(draft, name)
    after = _with(now, value) if add else tuple(item for item in now if item != value)
    return msgspec.structs.replace(draft, **{name: after})


def _with(items: Iterable[str], item: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*items, item))) if item else tuple(items)
