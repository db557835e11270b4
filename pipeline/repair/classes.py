"""Classes of nouns that every entry may name: a slot `<disease>` in its phrases, a set `@disease` among its cues."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from pipeline.data_file import load_toml
from pipeline.repair.phrase import PhraseError

CLASSES = Path(__file__).parent / "classes.toml"
_MARK = re.compile(r":[nvapsu]\b")


@lru_cache(maxsize=2)
def classes(path: Path = CLASSES) -> Mapping[str, tuple[str, ...]]:
    """Return the phrases of each class, those of the classes that it names included.

    Raises:
        DataFileError: the file is not as it must be.
        PhraseError: a class names one that is not there.
    """
    written = load_toml(path, dict[str, tuple[str, ...]])
    return {name: tuple(dict.fromkeys(spelled(own, written))) for name, own in written.items()}


def cue_sets() -> Mapping[str, tuple[str, ...]]:
    """Return the classes as sets of cues: the same words, without marks, for a cue is looked for in all its forms."""
    return {name: tuple(_MARK.sub("", phrase) for phrase in own) for name, own in classes().items()}


def spelled(phrases: Iterable[str], sets: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield phrases, those of a set where `@name` stands; a set does not hold itself.

    Raises:
        PhraseError: there is no such set.
    """
    for phrase in phrases:
        if not phrase.startswith("@"):
            yield phrase
        elif phrase[1:] in sets:
            yield from spelled(sets[phrase[1:]], {name: own for name, own in sets.items() if name != phrase[1:]})
        else:
            raise PhraseError(f"there is no set {phrase!r}; known are {', '.join(sorted(sets)) or 'none'}")
