"""The laws of the house, over our own pages, pages made at random and pages that broke something once."""

import html
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from pipeline.journey import clean
from pipeline.read.stage import read_page
from pipeline.record import Kind
from tests.laws import check_cleaning, check_idempotence, check_reading, check_steps, visible
from tests.strategies import PROSE

ROOT = Path(__file__).parent.parent
OWN = sorted((ROOT / "raw").iterdir())
BROKE = sorted((ROOT / "tests" / "cases" / "laws").iterdir())
"""Pages on which a law did not hold once; each file is a case by itself."""
PAGES = [pytest.param(path, id=path.name) for path in (*OWN, *BROKE)]


@pytest.mark.parametrize("path", PAGES)
def test_reading_invents_and_loses_nothing(path: Path) -> None:
    """Laws 1 and 3 behind `read`: what stands in a block stands on the page, and no word is left out."""
    check_reading(path.read_bytes(), path.name)


@pytest.mark.parametrize("path", PAGES)
def test_cleaning_keeps_the_laws(path: Path) -> None:
    """Laws 1, 2 and 3 behind the whole journey: undone and put back, the blocks are those that were read."""
    check_cleaning(path.read_bytes(), path.name)


@pytest.mark.parametrize("path", PAGES)
def test_stages_find_nothing_on_their_own_output(path: Path) -> None:
    """Law 4."""
    check_idempotence(path.read_bytes(), path.name)


@pytest.mark.parametrize("path", PAGES)
def test_stage_by_stage_is_the_whole_journey(path: Path) -> None:
    """What passes from stage to stage survives JSON."""
    check_steps(path.read_bytes(), path.name)


SCRIPT = """
import sys
from pathlib import Path
import pipeline
for name in sys.argv[1:]:
    sys.stdout.write(pipeline.clean(Path(name).read_bytes(), name=Path(name).name).to_json())
"""


def records_in(environment: dict[str, str], pages: Sequence[Path]) -> dict[str, str]:
    """Return the records, by id, that a fresh interpreter makes in the given order."""
    variables = {**os.environ, "PYTHONIOENCODING": "utf-8", **environment}
    made = subprocess.run(
        [sys.executable, "-c", SCRIPT, *map(str, pages)], env=variables, cwd=ROOT, capture_output=True, check=True
    )
    parts = made.stdout.decode().replace("}\n{", "}\0{").split("\0")
    return {json.loads(part)["id"]: part.strip() for part in parts}


def test_records_depend_on_the_page_alone() -> None:
    """Law 5: not on hash seed, locale, time zone, order of pages or what was done before."""
    one = records_in({"PYTHONHASHSEED": "1", "LC_ALL": "C", "PYTHONUTF8": "0", "TZ": "UTC"}, OWN)
    other = records_in({"PYTHONHASHSEED": "77", "LC_ALL": "C.UTF-8", "TZ": "Asia/Tokyo"}, OWN[::-1])
    assert one == other
    here = {(record := clean(path.read_bytes(), name=path.name)).id: record.to_json().strip() for path in OWN}
    assert here == one


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200)), st.sampled_from([None, "a.html", "a.txt", "a.bin"]))
def test_no_input_crashes(data: bytes | str, name: str | None) -> None:
    """Law 6: any bytes and any text give a record that keeps the laws."""
    check_reading(data, name)
    check_cleaning(data, name)


TEXT = PROSE.filter(lambda text: bool(visible(text)))
SHAPES: dict[Kind, str] = {
    "heading": "<h2>{}</h2>",
    "paragraph": "<p>{}</p>",
    "quote": "<blockquote>{}</blockquote>",
    "caption": "<figure><img src=x><figcaption>{}</figcaption></figure>",
    "list_item": "<ul><li>{}</li></ul>",
    "table": "<table><tr><td>{}</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>",
    "code": "<pre>{}</pre>",
}
WRAPPERS = [
    "{}",
    "<div>{}</div>",
    "<section><div class=a>{}</div></section>",
    "\n<!-- x -->{}\n",
    "<div><div>{}</div></div>",
]


@st.composite
def written_pages(draw: DrawFn) -> tuple[str, list[tuple[Kind, str]]]:
    """Draw HTML together with the kinds and texts of the blocks that a reader sees in it."""
    kinds = draw(st.lists(st.sampled_from(sorted(SHAPES)), min_size=1, max_size=6))
    parts, blocks = [], []
    for kind in kinds:
        text = draw(TEXT)
        source = html.escape(text)
        if draw(st.booleans()) and " " in source and kind != "code":
            source = source.replace(" ", draw(st.sampled_from(["  ", "\n", " <b></b>", "\t ", "&nbsp;"])), 1)
        parts.append(draw(st.sampled_from(WRAPPERS)).format(SHAPES[kind].format(source)))
        blocks.append((kind, f"{text}\tb\nc\td" if kind == "table" else text))
    return f"<!DOCTYPE html><html><body>{''.join(parts)}</body></html>", blocks


@given(written_pages())
def test_html_gives_the_blocks_that_it_shows(page: tuple[str, list[tuple[Kind, str]]]) -> None:
    """Each element becomes the block that it is, with its text, in order."""
    source, blocks = page
    assert [(b.kind, b.text) for b in read_page(source, name="a.html").blocks] == blocks


@given(st.lists(st.text("abc dеж.,!?", min_size=1, max_size=300).filter(str.strip), min_size=1, max_size=6))
def test_paragraphs_of_a_dump_are_its_paragraphs(texts: list[str]) -> None:
    """Paragraphs apart by blank lines are read as they stand, white space apart."""
    blocks = read_page("\n\n".join(texts), name="a.txt").blocks
    assert "".join(visible(b.text) for b in blocks) == "".join(map(visible, texts))
    check_reading("\n\n".join(texts), "a.txt")


@settings(max_examples=30)
@given(st.permutations(range(len(OWN))), st.integers(2, 4))
def test_parts_of_our_own_pages_in_any_order_keep_the_laws(order: list[int], pieces: int) -> None:
    """Laws 1 to 3 hold where halves of pages are put together."""
    halves = [OWN[number].read_bytes() for number in order[:pieces]]
    data = b"\n".join(half[: len(half) // pieces] for half in halves)
    check_cleaning(data, "a.html")
