"""Pages that are built to cost time or memory: `python -m tests.bombs` measures each at full size.

Each is made for a size in bytes, about, so that the tests can take small ones.
"""

import argparse
import resource
import subprocess
import sys
from collections.abc import Callable

FULL = 5_000_000
"""Bytes of a page when measured."""


def repeated(piece: str, before: str = "", after: str = "") -> Callable[[int], bytes]:
    """Return the function size → page of one piece repeated."""
    return lambda size: (before + piece * max(1, size // len(piece.encode())) + after).encode()


def mirrored(opening: str, closing: str) -> Callable[[int], bytes]:
    """Return the function size → page of tags nested as deep as the size allows."""
    return lambda size: (
        opening * (size // len(opening + closing)) + "text" + closing * (size // len(opening + closing))
    ).encode()


def crossed(size: int) -> bytes:
    """Return formatting elements that a parser must open again in every paragraph."""
    return ("<b>" * 200 + "<p>x" * (size // 4)).encode()


def numbered(size: int) -> bytes:
    """Return paragraphs that are all unlike, each with its own class."""
    return "".join(f"<p class=c{n}>The bone number {n} hurts when driving.</p>" for n in range(size // 50)).encode()


BOMBS: dict[str, Callable[[int], bytes]] = {
    "nested-divs": mirrored("<div>", "</div>"),
    "nested-divs-unclosed": repeated("<div>"),
    "nested-spans": mirrored("<span>", "</span>"),
    "nested-tables": mirrored("<table><tr><td>", "</td></tr></table>"),
    "nested-lists": mirrored("<ul><li>", "</li></ul>"),
    "nested-quotes": mirrored("<blockquote>", "</blockquote>"),
    "nested-bold": repeated("<b><i>x"),
    "crossed-formatting": crossed,
    "paragraphs": repeated("<p>"),
    "paragraphs-of-a-word": repeated("<p>bone"),
    "paragraphs-unlike": numbered,
    "breaks": repeated("bone<br>"),
    "links": repeated('<a href="/x">bone</a> '),
    "headings": repeated("<h2>Symptoms</h2><p>The bone hurts.</p>"),
    "one-line": repeated("word "),
    "one-word": repeated("a"),
    "one-line-of-html": repeated("word ", "<p>"),
    "spaces": repeated(" ", "a", "b"),
    "spaces-of-html": repeated(" ", "<p>a", "b</p>"),
    "line-feeds": repeated("\n", "a", "b"),
    "short-lines": repeated("a\n"),
    "list-marks": repeated("- "),
    "items-ever-deeper": lambda size: "\n".join(" " * n + "- bone" for n in range(int((2 * size) ** 0.5))).encode(),
    "pipes": repeated("| a "),
    "tabs": repeated("a\t"),
    "rules": repeated("-=*"),
    "hashes": repeated("#"),
    "brackets": repeated("(["),
    "full-stops": repeated("."),
    "dotted": repeated("a.b"),
    "hyphens": repeated("a-"),
    "digits": repeated("1,2."),
    "crumbs": repeated("Home / "),
    "triggers": repeated("the mountain range when driving "),
    "triggers-in-paragraphs": repeated("<p>Before to treat the ridge, the latter, when driving.</p>"),
    "entities": repeated("&amp;lt;"),
    "entities-unclosed": repeated("&ampx"),
    "attributes": lambda size: b"<p " + b"".join(b"a%d=b " % n for n in range(size // 12)) + b">text",
    "one-attribute": repeated("x", '<p class="', '">text'),
    "classes": repeated("c ", '<p class="', '">text'),
    "comments": repeated("<!-- x -->"),
    "comment-unclosed": repeated("x", "<!--"),
    "less-than": repeated("<"),
    "half-tags": repeated("<a "),
    "closing-tags": repeated("</p>"),
    "scripts": repeated("<script>x</script>"),
    "json-ld-deep": repeated("[", '<script type="application/ld+json">', "</script><p>text"),
    "json-ld-wide": repeated('{"@type":"Article"},', '<script type="application/ld+json">[', "{}]</script><p>text"),
    "table-wide": repeated("<td>x", "<table><tr>"),
    "table-spans": repeated("<tr><td colspan=1000 rowspan=60000>x", "<table>"),
    "table-long": repeated("<tr><td>a<td>b"),
    "svg": repeated("<g>", "<svg>"),
    "templates": mirrored("<template>", "</template>"),
    "selects": repeated("<select><option>x"),
    "nul-bytes": repeated("\0"),
    "soft-hyphens": repeated("a\u00ad"),
    "combining-marks": repeated("\u0301", "e"),
    "mojibake": repeated("â€™Ð¿Ð¾"),
    "direction-marks": repeated("\u202e\u202d"),
    "high-bytes": lambda size: bytes(range(128, 256)) * (size // 128),
    "utf-16": lambda size: "\ufeffword ".encode("utf-16-le") * (size // 12),
    "cyrillic": repeated("боль в спине "),
}

SCRIPT = """
import sys, time, resource
from tests.bombs import BOMBS
from pipeline.journey import clean
clean("<h1>Warm</h1><p>The bone hurts when driving.</p>")
data = BOMBS[sys.argv[1]](int(sys.argv[2]))
begun = time.process_time()
record = clean(data, name=sys.argv[3])
spent = time.process_time() - begun
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
codes = ",".join(sorted({finding.code for finding in record.findings}))
print(f"{spent:7.1f} s {peak:7.0f} MiB {len(record.blocks):7d} blocks {codes[:60]}")
"""


def main() -> int:
    """Measure each bomb in a process of its own, with a bound on time and memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="bombs, all where none is named")
    parser.add_argument("--size", type=int, default=FULL, help="bytes of a page")
    parser.add_argument("--seconds", type=float, default=30, help="a page may take so long")
    parser.add_argument("--memory", type=int, default=1024, help="MiB that a page may take")
    options = parser.parse_args()
    failed = 0
    for name in options.names or BOMBS:
        for ending in (".html", ".txt"):
            command = [sys.executable, "-c", SCRIPT, name, str(options.size), f"bomb{ending}"]
            try:
                done = subprocess.run(
                    command,
                    capture_output=True,
                    text=True,
                    timeout=4 * options.seconds,
                    check=False,
                    preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (4 * options.memory << 20,) * 2),
                )
                said = done.stdout.rstrip() or done.stderr.rstrip().rpartition("\n")[2]
                over = done.returncode or not within(said, options.seconds, options.memory)
            except subprocess.TimeoutExpired:
                said, over = "no end", True
            failed += bool(over)
            print(f"{'OVER ' if over else '     '}{name + ending:28s} {said}", flush=True)  # noqa: T201
    return 1 if failed else 0


def within(said: str, seconds: float, memory: int) -> bool:
    """Return whether a line of the script keeps to the bounds."""
    words = said.split()
    return float(words[0]) <= seconds and float(words[2]) <= memory


if __name__ == "__main__":
    sys.exit(main())
