"""Bilingual dictionaries that the user names: dictd (`.dict`, `.dict.dz` with `.index`), StarDict (`.ifo`), TSV.

From English or into it. Entries are for people, so what is read from them is a guess: runs of letters of
the other script or language, cut at numbers, commas and semicolons, are renderings; a number begins a sense.
"""

import gzip
import re
import struct
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import msgspec

from pipeline.errors import DataFileError
from pipeline.repair.word_list import zipf
from pipeline.review.candidate import Sense

_BASE64 = {c: i for i, c in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")}
_SENSE = re.compile(r"(?:^|\s)(?:\d{1,2}[.)>]|[а-яёa-z]\)|_[IVX]+)(?=\s|$)", re.MULTILINE)
_ASIDE = re.compile(r"\[[^\]]*\]|\([^)]*\)|<[^>]*>|\{[^}]*\}|/[^/\n]{1,60}/|\"[^\"\n]*\"|_\w+\.?|↗|↘")
_NOTE = re.compile(r"(?m)^\s*(?:Note|Synonyms?|see|Antonyms?|Example|e\.g\.)\s*:.*$")
_LATIN = re.compile(r"[A-Za-z]")
_OTHER_SCRIPT = re.compile(r"[^\W\d_a-zA-ZÀ-ɏ]")
_ENGLISH = re.compile(r"[a-z][a-z '-]*[a-z]|[a-z]")
_MOST_WORDS = 3
_OF_LONGER = 3
"""Added to the rank of what renders a longer term that holds the one asked for."""
_SHORTEST = 3
"""Letters of a rendering: shorter ones are abbreviations and words of grammar."""
_MOST_SENSES = 40


class Rendering(msgspec.Struct, frozen=True, order=True):
    """An English rendering of a source term: `rank` 0 is the first that comes to mind."""

    rank: int
    english: str


_BRITISH = (("our", "or"), ("ae", "e"), ("oe", "e"), ("tre", "ter"), ("bre", "ber"), ("ise", "ize"), ("yse", "yze"))


@lru_cache(maxsize=100_000)
def american(english: str) -> str:
    """Return a word or phrase in American spelling, where that is in use.

    >>> [american(word) for word in ("tumour", "oedema", "centre", "four", "rise", "fibre diet")]
    ['tumor', 'edema', 'center', 'four', 'rise', 'fiber diet']
    """
    return " ".join(_american(word) for word in english.split(" "))


def _american(word: str) -> str:
    here = zipf(word)
    for british, ours in _BRITISH:
        if british in word and len(word) > 4 and zipf(other := word.replace(british, ours, 1)) >= max(here - 0.5, 1.5):
            return other
    return word


def _bases(english: str) -> Iterator[str]:
    """Yield what a word in -ing, -ed or -s may be a form of."""
    for ending in ("ing", "ed", "es", "s"):
        stem = english.removesuffix(ending)
        if stem != english and len(stem) > 2:
            yield from (stem, stem + "e")
            if stem[-1] == stem[-2]:
                yield stem[:-1]


class Dictionary:
    """A dictionary as a table of two columns, asked from both sides.

    Args:
        pairs: English word, source term, rank of the pair in its entry (0 the first sense), in the file's order.
    """

    def __init__(self, pairs: Iterable[tuple[str, str, int]]) -> None:
        self._sources: dict[str, dict[str, int]] = {}
        self._english: dict[str, dict[str, int]] = {}
        self._longer: dict[str, set[str]] = {}
        for written, source, rank in pairs:
            english = american(written)
            for table, key, value in ((self._sources, english, source), (self._english, source, english)):
                own = table.setdefault(key, {})
                own[value] = min(rank, own.get(value, rank))
            if " " in source:
                for word in source.split():
                    self._longer.setdefault(word, set()).add(source)

    def __len__(self) -> int:
        return len(self._sources)

    def sources(self, english: str) -> list[tuple[int, str]]:
        """Return the source terms of an English word with their ranks, the likeliest first."""
        found = self._sources.get(american(english)) or next(
            (self._sources[base] for base in _bases(english) if base in self._sources), {}
        )
        return sorted((rank, term) for term, rank in found.items())

    def renderings(self, source: str) -> list[Rendering]:
        """Return the English renderings of a source term, the likeliest first."""
        found = dict(self._english.get(source, {}))
        for longer in self._longer.get(source, ()):  # спинной хребет tells something of хребет
            for english, rank in self._english[longer].items():
                found.setdefault(english, rank + _OF_LONGER)
        return sorted(Rendering(rank, english) for english, rank in found.items())

    def senses(self, source: str, but: str = "") -> tuple[Sense, ...]:
        """Return the renderings of a source term grouped by sense: those that share another source term go together."""
        groups: list[tuple[set[str], list[str]]] = []
        for rendering in self.renderings(source):
            if rendering.english == but:
                continue
            others = {term for _, term in self.sources(rendering.english)[:12]} - {source}
            home = next((group for group in groups if group[0] & others), None)
            if home is None:
                groups.append((others, [rendering.english]))
            else:
                home[0].update(others)
                home[1].append(rendering.english)
        return tuple(Sense(tuple(terms)) for _, terms in groups)


def load_dictionary(path: Path) -> Dictionary:
    """Read a dictionary file.

    Args:
        path: `x.tsv` (English, tab, source term; several of either separated by `;`), `x.dict.dz`, `x.dict`,
            `x.index` or `x.ifo`.

    Raises:
        DataFileError: it cannot be read, or is in none of these formats.
    """
    try:
        if path.suffix in {".tsv", ".txt"}:
            return Dictionary(_from_tsv(path))
        stem = _stem(path)
        if path.suffix == ".ifo" or (not _beside(stem, ".index").exists() and _beside(stem, ".ifo").exists()):
            return Dictionary(_pairs(_stardict(stem)))
        return Dictionary(_pairs(_dictd(stem)))
    except OSError as error:
        named = Path(error.filename) if error.filename else path
        raise DataFileError(f"cannot be read ({error.strerror or error})", path=named, mend=_MEND) from error
    except (ValueError, KeyError, struct.error, EOFError, IndexError) as error:
        raise DataFileError("is no dictionary of a known format", path=path, mend=_MEND) from error


_MEND = "Name a .tsv file, a dictd .dict.dz with its .index beside it, or a StarDict .ifo"


def _stem(path: Path) -> Path:
    name = path.name
    for ending in (".dict.dz", ".dict", ".index", ".idx", ".ifo"):
        if name.endswith(ending):
            return path.with_name(name.removesuffix(ending))
    raise DataFileError("is no dictionary of a known format", path=path, mend=_MEND)


def _beside(stem: Path, ending: str) -> Path:
    return stem.with_name(stem.name + ending)


def _from_tsv(path: Path) -> Iterator[tuple[str, str, int]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) < 2:
            raise DataFileError("has a line without a tab", path=path, line=number, mend="English, tab, source term")
        for english in filter(None, (part.strip().lower() for part in cells[0].split(";"))):
            for rank, source in enumerate(filter(None, (part.strip().lower() for part in cells[1].split(";")))):
                yield english, source, rank


def _content(stem: Path) -> bytes:
    packed = _beside(stem, ".dict.dz")
    if packed.exists():
        with gzip.open(packed) as stream:
            return stream.read()
    return _beside(stem, ".dict").read_bytes()


def _dictd(stem: Path) -> Iterator[tuple[str, str]]:
    """Yield headwords and bodies by the index of dictd: headword, offset and length in base 64."""
    content = _content(stem)
    for line in _beside(stem, ".index").read_text(encoding="utf-8").splitlines():
        headword, offset, length = line.split("\t")[:3]
        if headword.startswith(("00", "00-")):  # what the file says of itself
            continue
        start = _number(offset)
        body = content[start : start + _number(length)].decode("utf-8", "replace")
        yield headword.lower(), body.split("\n", 1)[1] if "\n" in body else body


def _number(text: str) -> int:
    value = 0
    for digit in text:
        value = value * 64 + _BASE64[digit]
    return value


def _stardict(stem: Path) -> Iterator[tuple[str, str]]:
    """Yield headwords and bodies by StarDict's index: headword, NUL, offset and length as 32 bits, big end first."""
    content = _content(stem)
    packed = _beside(stem, ".idx.gz")
    index = gzip.decompress(packed.read_bytes()) if packed.exists() else _beside(stem, ".idx").read_bytes()
    place = 0
    while place < len(index):
        end = index.index(b"\0", place)
        offset, length = struct.unpack_from(">II", index, end + 1)
        yield index[place:end].decode().lower(), content[offset : offset + length].decode("utf-8", "replace")
        place = end + 9


def _pairs(entries: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, int]]:
    """Yield pairs of English word and source term, whichever of them the headwords are."""
    bodies: dict[tuple[str, str], None] = dict.fromkeys(entries)
    other_script = sum(bool(_OTHER_SCRIPT.search(body)) for _, body in list(bodies)[:2000])
    to_english = other_script < min(len(bodies), 2000) / 2
    for headword, body in bodies:
        headword = _ASIDE.sub(" ", headword).strip()
        for rank, sense in enumerate(_senses(body)[:_MOST_SENSES]):
            for term in _terms(sense, of_other_script=not to_english):
                yield (term, headword, rank) if to_english else (headword, term, rank)


def _senses(body: str) -> list[str]:
    text = _ASIDE.sub(" ", _NOTE.sub(" ", body))
    senses: list[str] = []
    for numbered in _SENSE.split(text):
        senses += [part for part in numbered.split(";") if part.strip()]
    return senses


def _terms(sense: str, *, of_other_script: bool) -> Iterator[str]:
    """Yield the renderings in a piece of an entry; an example in the headwords' script ends it."""
    if of_other_script and (example := _LATIN.search(sense)) is not None:
        sense = sense[: example.start()]
    for part in re.split(r"[,\n]", sense):
        term = " ".join(re.sub(r"[^\w\s'-]", " ", part).split()).lower().strip(" -'")
        if len(term) < _SHORTEST or len(term.split()) > _MOST_WORDS:
            continue
        if of_other_script == bool(_OTHER_SCRIPT.search(term)) and (of_other_script or _ENGLISH.fullmatch(term)):
            yield term.removeprefix("to ") if not of_other_script else term
