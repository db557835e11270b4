"""Texts in which phrases are counted: raw pages, and clean corpora in which nothing should change.

A corpus is held in memory: its paragraphs, and for each word the numbers of the paragraphs that hold it. What the
glossary in use does to each document (the evidence that guards ask for) is found out in the background.
"""

import gzip
import threading
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from pipeline.document import Document
from pipeline.errors import InputError
from pipeline.read.ids import ENDINGS
from pipeline.repair.matching import fold
from pipeline.repair.stage import RepairOptions, decisions
from pipeline.repair.tokens import words_of
from pipeline.repair.topic import topics

LONG = 150
"""Words above which a page needs another entry to have fired (see `pipeline.repair.passes`)."""
_MOST = 200_000_000
"""Bytes of one file that are read at most."""


class Page(msgspec.Struct):
    """A document of a corpus.

    Attributes:
        name: its name.
        topics: what it is on.
        long: whether one entry alone changes nothing in it.
        fired: ids of the entries in use that change it without needing evidence; None while not known.
    """

    name: str
    topics: tuple[str, ...]
    long: bool
    fired: frozenset[str] | None = None


class Corpus:
    """Documents, indexed by word. `add` may be called while others count: what is half added is not yet counted."""

    def __init__(self, name: str, *, clean: bool) -> None:
        self.name = name
        self.clean = clean
        self.pages: list[Page] = []
        self.texts: list[str] = []
        self.blocks: list[int | None] = []
        self.owner = array("L")
        self.words = 0
        self._postings: dict[str, array[int]] = {}

    def add(self, document: Document) -> None:
        """Add a document."""
        texts: list[tuple[int | None, str]] = [(None, document.title)] if document.title else []
        texts += [(number, block.text) for number, block in enumerate(document.blocks) if block.kind != "code"]
        cut = [words_of(fold(text)) for _, text in texts]
        words = [word for own in cut for word in own]
        self.pages.append(Page(document.source.name or document.id, topics(words), len(words) > LONG))
        self.words += len(words)
        for (block, text), own in zip(texts, cut, strict=True):
            number = len(self.texts)
            self.blocks.append(block)
            self.owner.append(len(self.pages) - 1)
            self.texts.append(text)
            for word in set(own):
                self._postings.setdefault(word, array("L")).append(number)

    def paragraphs(self, word: str) -> Sequence[int]:
        """Return the numbers of the paragraphs that hold a folded word, in order."""
        return self._postings.get(word, ())

    def document(self, number: int) -> Document:
        """Return a document as plain paragraphs."""
        texts = [self.texts[i] for i in range(len(self.texts)) if self.owner[i] == number]
        return Document.from_paragraphs("", texts)


class Corpora:
    """All corpora of a review, filled in the background.

    Args:
        raw: folder of raw pages.
        clean: files and folders of clean text.
        glossary: folders of the entries in use.
    """

    def __init__(self, raw: Path | None, clean: Sequence[Path], glossary: tuple[Path, ...]) -> None:
        self._sources = [(path, clean) for path, clean in ((raw, False), *((p, True) for p in clean)) if path]
        self._glossary = glossary
        self.all = [Corpus(path.name or str(path), clean=clean) for path, clean in self._sources]
        self.ready = threading.Event()
        self.fault = ""
        self._stopped = threading.Event()

    def start(self) -> None:
        """Read the corpora in a thread of their own."""
        threading.Thread(target=self.fill, name="corpora", daemon=True).start()

    def stop(self) -> None:
        """Let the thread end."""
        self._stopped.set()

    def fill(self) -> None:
        """Read the corpora, then find out which entries fire in each document."""
        try:
            for (path, clean), corpus in zip(self._sources, self.all, strict=True):
                for document in documents(path, clean=clean):
                    if self._stopped.is_set():
                        return
                    corpus.add(document)
        except InputError as error:
            self.fault = str(error)
        self.ready.set()
        self._find_evidence()

    def _find_evidence(self) -> None:
        options = RepairOptions(glossary=self._glossary, builtin=False, text_faults=False)
        for corpus in self.all:
            first = 0
            for number, page in enumerate(corpus.pages):
                end = first
                while end < len(corpus.owner) and corpus.owner[end] == number:
                    end += 1
                if self._stopped.is_set():
                    return
                document = Document.from_paragraphs("", corpus.texts[first:end])
                page.fired = fired(document, options)
                first = end


def fired(document: Document, options: RepairOptions) -> frozenset[str]:
    """Return the ids of the entries that change a document."""
    return frozenset(one.entry for one in decisions(document, options) if one.outcome == "applied")


def documents(path: Path, *, clean: bool) -> Iterator[Document]:
    """Yield the documents of a file or folder: pages (stripped where they are raw), and lines of JSON with a `text`.

    Raises:
        InputError: it is not there, cannot be read, or is of no known kind.
    """
    try:
        if path.is_dir():
            endings = (*ENDINGS, ".jsonl", ".jsonl.gz")
            for file in sorted(p for p in path.rglob("*") if p.name.endswith(endings) and p.is_file()):
                yield from _of_file(file, file.relative_to(path).as_posix(), clean=clean)
        elif path.exists():
            yield from _of_file(path, path.name, clean=clean)
        else:
            raise InputError("there is no such file or folder", path=path)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", path=error.filename or path) from error


def _of_file(path: Path, name: str, *, clean: bool) -> Iterator[Document]:
    from pipeline.read.stage import read_page
    from pipeline.strip.stage import strip_boilerplate

    if name.endswith((".jsonl", ".jsonl.gz")):
        with path.open("rb") as stream:
            lines = gzip.GzipFile(fileobj=stream) if name.endswith(".gz") else stream
            yield from _of_lines(lines, path, name)
    elif clean and name.endswith(".txt"):
        with path.open("rb") as stream:
            yield _plain(stream.read(_MOST).decode("utf-8", "replace"), name)
    else:
        with path.open("rb") as stream:
            document = strip_boilerplate(read_page(stream.read(_MOST), name=name))
        if document.language in {None, "en"}:
            yield document


class _Line(msgspec.Struct):
    text: str
    id: str | int = ""


def _of_lines(lines: Iterable[bytes], path: Path, name: str) -> Iterator[Document]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            one = msgspec.json.decode(line, type=_Line)
        except msgspec.DecodeError as error:
            mend = "A line is a JSON object with a text"
            raise InputError(f"is no text: {error}", path=path, line=number, mend=mend) from error
        yield _plain(one.text, f"{name}: {one.id or number}")


def _plain(text: str, name: str) -> Document:
    paragraphs = [line.strip() for line in text.split("\n") if line.strip()]
    document = Document.from_paragraphs("", paragraphs)
    source = msgspec.structs.replace(document.source, name=name)
    return msgspec.structs.replace(document, source=source)
