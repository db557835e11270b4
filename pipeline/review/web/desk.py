"""What the pages of the server share: the queue, the glossary, the corpora, the processed pages."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pipeline.errors import InputError
from pipeline.repair.glossary_files import CUES, files
from pipeline.review.approval import open_queue
from pipeline.review.entry_check import Loaded, load_cached, shared_cues
from pipeline.review.report.overview import Overview, Tally
from pipeline.review.report.reasons import Reasons
from pipeline.review.report.stored import Stored, find_records, load
from pipeline.review.web.corpora import Corpora
from pipeline.review.web.security import LOOPBACK


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewOptions:
    """Options of the server.

    Attributes:
        queue: the queue's file.
        glossary: folders of entries in use.
        folder: the one of them that approved entries are written to.
        reviewer: name under which decisions are entered, unless a browser has another.
        processed: folder of records; None: no pages to look at.
        raw: folder of raw pages to count in; None: none.
        clean: files and folders of clean text to count in.
        hosts: names under which the server may be asked.
        token: what a browser must know to be let in; empty: nothing.
    """

    queue: Path
    glossary: tuple[Path, ...]
    folder: Path
    reviewer: str
    processed: Path | None = None
    raw: Path | None = None
    clean: tuple[Path, ...] = ()
    hosts: tuple[str, ...] = LOOPBACK
    token: str = ""


class Desk:
    """The state of a server. Safe to be used by several threads."""

    def __init__(self, options: ReviewOptions) -> None:
        self.options = options
        self.queue = open_queue(options.queue)
        self.corpora = Corpora(options.raw, options.clean, options.glossary)
        self.violations: list[str] = []
        self._lock = threading.Lock()
        self._cues: tuple[object, Mapping[str, Sequence[str]]] | None = None
        self._reasons: tuple[object, Reasons] | None = None
        self._overview: tuple[object, Overview] | None = None

    def close(self) -> None:
        """Let go of the queue and the corpora."""
        self.corpora.stop()
        self.queue.close()

    @property
    def beside(self) -> tuple[Path, ...]:
        """Folders of entries other than the one that is written to."""
        return tuple(folder for folder in self.options.glossary if folder != self.options.folder)

    def glossary(self) -> Loaded:
        """Return the glossary as its files stand."""
        return load_cached((self.options.folder, *self.beside))

    def cue_sets(self) -> Mapping[str, Sequence[str]]:
        """Return the sets of cues that all files may name, from memory while their files do not change."""
        paths = [folder / CUES for folder in (self.options.folder, *self.beside)]
        state = tuple((path, path.stat().st_mtime_ns) for path in paths if path.exists())
        with self._lock:
            if self._cues is None or self._cues[0] != state:
                self._cues = (state, dict(shared_cues((self.options.folder, *self.beside))))
            return self._cues[1]

    def reasons(self) -> Reasons:
        """Return reasons in words by the glossary as its files stand."""
        state = tuple((path, path.stat().st_mtime_ns) for path in files(self.options.glossary))
        with self._lock:
            if self._reasons is None or self._reasons[0] != state:
                self._reasons = (state, Reasons(self.options.glossary))
            return self._reasons[1]

    @cached_property
    def _stored(self) -> dict[str, Stored]:
        return {} if self.options.processed is None else {one.key: one for one in find_records(self.options.processed)}

    def stored(self, *, fresh: bool = False) -> Mapping[str, Stored]:
        """Return the records by key; `fresh` looks at the folder anew."""
        if fresh:
            self.__dict__.pop("_stored", None)
        return self._stored

    def page(self, key: str) -> Stored | None:
        """Return a record's place by its key: only what lies in the folder has one."""
        found = self._stored.get(key)
        return found if found is not None or self.options.processed is None else self.stored(fresh=True).get(key)

    def overview(self) -> Overview:
        """Return figures over all records, from memory while neither they nor the glossary change."""
        stored = self.stored(fresh=True)
        reasons = self.reasons()
        state = (id(reasons), tuple((one.path, one.path.stat().st_mtime_ns) for one in stored.values()))
        with self._lock:
            if self._overview is None or self._overview[0] != state:
                self._overview = (state, self._count(stored, reasons))
            return self._overview[1]

    @staticmethod
    def _count(stored: Mapping[str, Stored], reasons: Reasons) -> Overview:
        tally = Tally(reasons)
        for one in stored.values():
            try:
                tally.add(one.key, one.name, load(one))
            except InputError as error:
                tally.fault(str(error))
        return tally.overview()
