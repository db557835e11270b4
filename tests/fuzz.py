"""A fuzzer over bytes: pages of our own, cut, flipped, spliced and nested, and markup made at random.

Every input comes from a seed and a number, so a failure can be had again. `python -m tests.fuzz
--seconds 60` runs as long as asked and leaves a reproducer, made smaller, for each new fault;
`python -m tests.fuzz FILE…` checks files.
"""

import argparse
import random
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from tests.laws import check_cleaning, check_idempotence, check_reading, check_steps

RAW = Path(__file__).parent.parent / "raw"
TAGS = (
    "p div span b i em strong a h1 h2 h3 h6 ul ol li table tr td th thead tbody caption blockquote pre code br hr img "
    "figure figcaption section article aside nav header footer main form input select option textarea button script "
    "style noscript template svg math title head body html iframe object details summary dl dt dd center font marquee "
    "frameset plaintext xmp listing nobr ruby rt mtext foreignObject annotation-xml desc x-y"
).split()
PIECES = [
    *[
        "&amp;",
        "&#0;",
        "&#x110000;",
        "&#xd800;",
        "&nbsp",
        "&lt;p&gt;",
        "&notanentity;",
        "&#128;",
        "&" * 30,
        "&#" + "9" * 40 + ";",
    ],
    *[
        "<",
        ">",
        "</",
        "<!",
        "<!--",
        "-->",
        "--!>",
        "<![CDATA[",
        "]]>",
        "<?php",
        "?>",
        "<!DOCTYPE html>",
        "</p>",
        "</body></html>",
    ],
    *[
        "\0",
        "\x1a",
        "\x7f",
        "\x85",
        "\ufeff",
        "\u200b",
        "\u00ad",
        "\u2028",
        "\u2029",
        "\u202e",
        "\ufffd",
        "\U0001f9b4",
        "e\u0301",
    ],
    *[
        "•",
        "– ",
        "1. ",
        "a) ",
        "* ",
        "# ",
        "> ",
        "| a | b |",
        "|---|---|",
        "```",
        "~~~",
        "----",
        "====",
        "\t",
        "\r\n",
        "\r",
        "\f",
        "\v",
    ],
    *[
        "Read also: ",
        "Symptoms",
        "Home / Eyes / Barley",
        "mountain range",
        "when driving",
        "First, and the latter",
        "Ð¿Ð¾Ð·",
        "â€™",
    ],
    *[
        '"',
        "'",
        "`",
        "=",
        " class=",
        " style='display:none'",
        " hidden",
        " id=x",
        "{}",
        '{"@type":"BreadcrumbList"}',
        "\\",
        "%",
        "\ud800",
    ],
    *[
        "<script type='application/ld+json'>",
        "</script>",
        "<meta charset=utf-16>",
        "<meta charset=windows-1251>",
        "<base href=x>",
    ],
]
ENCODINGS = [
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "cp1251",
    "koi8-r",
    "cp1252",
    "shift_jis",
    "utf-32",
]
WORDS = "the bones of a spine, and eye; joint: Стресс pain. ache 0,5 mg (see) ü 漢字 عربي 🦴 when driving".split()


@cache
def corpus() -> tuple[bytes, ...]:
    """Return our own pages."""
    return tuple(path.read_bytes() for path in sorted(RAW.iterdir()))


def page(seed: int, number: int) -> tuple[bytes | str, str | None]:
    """Return input `number` of the seed: a page, as bytes or text, and its name."""
    rng = random.Random(f"{seed}:{number}")
    data: bytes = generated(rng) if rng.random() < 0.5 else excerpt(rng)
    for _ in range(rng.choice([0, 1, 1, 2, 2, 3, 5])):
        data = rng.choice(MUTATIONS)(rng, data)
    name = rng.choice([None, "page.html", "page.txt", "page.htm", "no-ending", "../x/\ud800.HTML", "page.json"])
    if rng.random() < 0.1:
        codec, errors = rng.choice(
            [("utf-8", "replace"), ("utf-8", "surrogateescape"), ("utf-16-le", "replace"), ("latin-1", "strict")]
        )
        return data.decode(codec, errors), name
    return data, name


def excerpt(rng: random.Random) -> bytes:
    """Return a part of one of our own pages, now and then the whole."""
    whole = rng.choice(corpus())
    if rng.random() < 0.1:
        return whole
    start = rng.randrange(len(whole))
    return whole[start : start + rng.randint(1, 2000)]


def generated(rng: random.Random) -> bytes:
    """Return markup or text made at random."""
    parts = [rng.choice([some_tag, some_words, some_piece, some_lines])(rng) for _ in range(rng.randint(1, 60))]
    text = rng.choice(["", " ", "\n"]).join(parts)
    return text.encode(rng.choice(ENCODINGS) if rng.random() < 0.2 else "utf-8", "ignore")


def some_tag(rng: random.Random) -> str:
    tag = rng.choice(TAGS)
    attributes = "".join(
        f" {rng.choice(['class', 'id', 'href', 'style', 'x', 'role'])}={rng.choice(PIECES)!r}"
        for _ in range(rng.choice([0, 0, 1, 2]))
    )
    return rng.choice(
        [
            f"<{tag}{attributes}>",
            f"<{tag}>",
            f"</{tag}>",
            f"<{tag}{attributes}/>",
            f"<{tag.upper()}>{some_words(rng)}</{tag}>",
        ]
    )


def some_words(rng: random.Random) -> str:
    return rng.choice(["", " "]) + " ".join(rng.choices(WORDS, k=rng.randint(1, 25))) + rng.choice(["", ".", " "])


def some_piece(rng: random.Random) -> str:
    return rng.choice(PIECES)


def some_lines(rng: random.Random) -> str:
    mark = rng.choice(["", "- ", "• ", "  * ", "1) ", "| ", "\t"])
    return "\n" + "\n".join(mark + some_words(rng) for _ in range(rng.randint(1, 5))) + "\n" * rng.randint(1, 3)


def truncate(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randint(0, len(data))]


def behead(rng: random.Random, data: bytes) -> bytes:
    return data[rng.randint(0, len(data)) :]


def flip(rng: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(min(len(data), rng.randint(1, 20))):
        changed[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(changed)


def splice(rng: random.Random, data: bytes) -> bytes:
    other, at = excerpt(rng), rng.randint(0, len(data))
    return data[:at] + other + data[rng.randint(at, len(data)) :]


def insert(rng: random.Random, data: bytes) -> bytes:
    at = rng.randint(0, len(data))
    return data[:at] + rng.choice(PIECES).encode("utf-8", "surrogatepass") + data[at:]


def repeat(rng: random.Random, data: bytes) -> bytes:
    at = rng.randint(0, len(data))
    part = data[at : at + rng.randint(1, 60)]
    return data[:at] + part * rng.randint(2, 40) + data[at:]


def nest(rng: random.Random, data: bytes) -> bytes:
    tag = f"<{rng.choice(TAGS)}>".encode()
    close = rng.choice([b"", tag.replace(b"<", b"</")])
    depth = rng.choice([5, 50, 500])
    return tag * depth + data + close * depth


def bomb(rng: random.Random, data: bytes) -> bytes:
    piece = rng.choice([rng.choice(PIECES), some_tag(rng), some_words(rng), rng.choice("<>&'\"|-=*#\n ")])
    return data + piece.encode("utf-8", "ignore") * rng.choice([10, 200, 1000])


def recode(rng: random.Random, data: bytes) -> bytes:
    return data.decode("utf-8", "replace").encode(rng.choice(ENCODINGS), "replace")


def mojibake(rng: random.Random, data: bytes) -> bytes:
    return data.decode(rng.choice(["cp1252", "cp1251", "latin-1"]), "replace").encode()


def squeeze(rng: random.Random, data: bytes) -> bytes:
    return data.replace(rng.choice([b"\n", b" ", b">", b"</", b'"']), rng.choice([b"", b"\r", b"\0", b"\xa0", b"\n\n"]))


MUTATIONS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    *(truncate, behead, flip, splice, insert, insert, repeat, nest, bomb, recode, mojibake, squeeze),
)


def check(data: bytes | str, name: str | None, *, depth: int) -> None:
    """Check the laws; reading alone at depth 0, the whole journey at 1, everything at 2."""
    check_reading(data, name)
    if depth > 0:
        check_cleaning(data, name)
    if depth > 1:
        check_idempotence(data, name)
        check_steps(data, name)


def fault(data: bytes | str, name: str | None, depth: int) -> str:
    """Return what fails and where, in one line; the empty string where nothing does."""
    try:
        check(data, name, depth=depth)
    except Exception as error:  # noqa: BLE001 - any exception at all is what is looked for
        where = next(
            (f for f in reversed(traceback.extract_tb(error.__traceback__)) if "/tests/" not in f.filename), None
        )
        last = traceback.extract_tb(error.__traceback__)[-1]
        line = last if isinstance(error, AssertionError) or where is None else where
        return (
            f"{type(error).__name__} {Path(line.filename).name}:{line.lineno} {str(error).partition(chr(10))[0][:200]}"
        )
    return ""


def smaller(data: bytes | str, fails: Callable[[bytes | str], bool], seconds: float = 20.0) -> bytes | str:
    """Leave out part after part, halves first, as long as the fault stays."""
    until = time.monotonic() + seconds
    size = len(data) // 2
    while size and time.monotonic() < until:
        at = 0
        while at < len(data) and time.monotonic() < until:
            shorter = data[:at] + data[at + size :]  # type: ignore[operator]
            if fails(shorter):
                data = shorter
            else:
                at += size
        size //= 2
    return data


def inputs(seed: int, seconds: float) -> Iterator[tuple[int, bytes | str, str | None]]:
    """Yield inputs until the time is up."""
    until = time.monotonic() + seconds
    number = 0
    while time.monotonic() < until:
        yield (number, *page(seed, number))
        number += 1


def hunt(seed: int, seconds: float, depth: int, out: Path) -> int:
    """Fuzz for a while; write one reproducer for each place that fails, and return how many there are."""
    seen: dict[str, Path] = {}
    number = 0
    for number, data, name in inputs(seed, seconds):
        found = fault(data, name, depth)
        place = " ".join(found.split()[:2])
        if not found or place in seen:
            continue
        data = smaller(data, lambda d, name=name, place=place: fault(d, name, depth).startswith(place))  # type: ignore[misc]
        path = out / f"fuzz-{seed}-{number}{Path(name or '').suffix if name and name.isascii() else '.bin'}"
        out.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data)
        seen[place] = path
        print(f"{found}\n  name {name!r}, {type(data).__name__}: {path}", flush=True)  # noqa: T201
    print(f"{number + 1} inputs, {len(seen)} faults", file=sys.stderr)  # noqa: T201
    return len(seen)


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="check these files and stop")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--depth", type=int, default=2, help="0 read, 1 clean, 2 all laws")
    parser.add_argument("--out", type=Path, default=Path(".cache/fuzz"), help="folder of the reproducers")
    options = parser.parse_args()
    if options.files:
        for path in options.files:
            check(path.read_bytes(), path.name, depth=options.depth)
        return 0
    return 1 if hunt(options.seed, options.seconds, options.depth, options.out) else 0


if __name__ == "__main__":
    sys.exit(main())
