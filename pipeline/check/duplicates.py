"""Pages that are almost the same as another: MinHash over runs of five words, by rensa.

rensa (Rust, no dependencies) makes a signature of a page in 0.05 ms, datasketch in 1.7 ms.
"""

from collections.abc import Iterable, Iterator, Mapping

Signature = tuple[int, ...]
PERMUTATIONS = 128
BANDS = 32
"""Rows of four: two pages that share half of their runs meet in a band with 87 %, those above 0.8 always."""
SIMILAR = 0.7
"""Estimated Jaccard similarity from which on two pages are almost the same.

The same article on two sites, translated once, shares nine tenths of its runs of five words; two
articles on one disease share a few in a hundred.
"""
_RUN = 5
_CROWD = 20
"""Pages of a band that others are held against: ten thousand copies of one page must not cost their square."""
_SHORT = 50
"""Words below which a page has no signature: notices and stubs are alike without being copies."""


def signature(text: str) -> Signature | None:
    """Return the MinHash signature of a page's kept text; None where it is too short to have one."""
    import rensa

    words = text.lower().split()
    if len(words) < _SHORT:
        return None
    runs = [" ".join(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1)]
    minhash = rensa.RMinHash(num_perm=PERMUTATIONS, seed=1)
    minhash.update(runs)
    return tuple(minhash.digest())


def similarity(one: Signature, other: Signature) -> float:
    """Return the estimated Jaccard similarity of two signatures, 0 to 1."""
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


def near_duplicates(
    wanted: Iterable[str], signatures: Mapping[str, Signature | None]
) -> Iterator[tuple[str, str, float]]:
    """Yield (page, the page it is almost the same as, similarity) for the pages wanted.

    Where both pages are wanted, the later by name is the duplicate, so that one page of each pair
    stays. Of several, pages that are not wanted go first, because they were there before; then the
    most similar counts, then the first by name.
    """
    asked = set(wanted)
    bands: dict[tuple[int, Signature], list[str]] = {}
    for path in sorted(signatures, key=lambda name: (name in asked, name)):
        for key in _bands(signatures[path]):
            if len(bands.setdefault(key, [])) < _CROWD:
                bands[key].append(path)
    for path in sorted(asked):
        own = signatures.get(path)
        if own is None:
            continue
        others = {other for key in _bands(own) for other in bands[key] if other != path}
        eligible = sorted(other for other in others if other not in asked or other < path)
        scored = [(similarity(own, found), other) for other in eligible if (found := signatures[other]) is not None]
        alike = [pair for pair in scored if pair[0] >= SIMILAR]
        if alike:
            score, other = max(alike, key=lambda pair: (pair[1] not in asked, pair[0]))
            yield path, other, score


def _bands(found: Signature | None) -> Iterator[tuple[int, Signature]]:
    rows = PERMUTATIONS // BANDS
    for band in range(BANDS) if found else ():
        yield band, (found or ())[band * rows : (band + 1) * rows]
