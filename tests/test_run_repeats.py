"""Blocks that repeat across the pages of a site are found, whatever the order; texts of articles are not."""

import json
import random
from pathlib import Path

import pytest

from pipeline.document import Block, Document
from pipeline.record import Kind, PageSource
from pipeline.run import folder
from pipeline.run.folder import RunOptions, run_folder
from pipeline.run.repeats import Described, describe, find_repeats
from pipeline.strip.stage import block_keys
from tests.test_crash import contents
from tests.test_run_folder import in_process

FOOTER = "All materials are published for information only and replace no visit to a doctor."


def document(lines: list[str], url: str | None = None, kind: Kind = "paragraph") -> Document:
    source = PageSource("page.html", url, "0" * 64, "html", "utf-8")
    return Document(id="page", source=source, blocks=tuple(Block(kind, line) for line in lines))


def site(pages: list[list[str]], folder_name: str = "site") -> dict[str, Described]:
    names = [f"{folder_name}/{number}.html" for number in range(len(pages))]
    return {name: describe(document(lines), name) for name, lines in zip(names, pages, strict=True)}


def repeated(pages: dict[str, Described]) -> dict[str, set[str]]:
    """Return the repeats of each page as texts, of those that this test knows."""
    texts = {block_keys(document([text]))[0]: text for text in ("Home", "Contacts", "Symptoms", FOOTER)}
    by_site = sorted(pages.items(), key=lambda page: (page[1].site, page[0]))
    return {name: {texts.get(key, "?") for key in keys} for name, keys in find_repeats(by_site).items()}


def article(number: int) -> list[str]:
    return [f"This is the first and by far the longest paragraph of the article number {number}.", f"More on {number}."]


def test_sentences_on_many_pages_are_repeats() -> None:
    pages = site([*([*article(number), FOOTER] for number in range(4)), *(article(number) for number in range(4, 10))])
    assert repeated(pages) == {f"site/{number}.html": {FOOTER} for number in range(4)}


def test_sentences_on_few_pages_are_none() -> None:
    assert not repeated(site([[*article(number), *([FOOTER] if number < 2 else [])] for number in range(10)]))


def test_small_sites_have_none() -> None:
    assert not repeated(site([[*article(number), FOOTER] for number in range(4)]))


def test_short_lines_are_repeats_beside_the_same_neighbour() -> None:
    pages = site([["Home", "Contacts", article(number)[0], "Symptoms", article(number)[1]] for number in range(6)])
    assert all(texts == {"Home", "Contacts"} for texts in repeated(pages).values())
    assert len(repeated(pages)) == 6


def test_headings_are_no_repeats_however_long() -> None:
    heading = "What everybody should know of the symptoms of this disease"
    pages = {}
    for number in range(6):
        one = document([heading, article(number)[0]])
        blocks = (Block("heading", heading, 2), one.blocks[1])
        pages[f"site/{number}.html"] = describe(
            Document(id=one.id, source=one.source, blocks=blocks), f"site/{number}.html"
        )
    assert not repeated(pages)


def test_copies_of_one_article_are_one_page() -> None:
    """An article scraped from nine addresses stays whole."""
    assert not repeated(site([article(1)] * 3 + [article(number) for number in range(2, 9)]))


def test_sites_are_kept_apart() -> None:
    one = site([[*article(number), FOOTER] for number in range(3)], "one")
    other = site([[*article(number), FOOTER] for number in range(10, 13)], "other")
    assert not repeated(one | other)


@pytest.mark.parametrize(
    ("url", "name", "expected"),
    [
        ("https://www.example.org/a", "x/page.html", "example.org"),
        (None, "x/y/page.html", "x"),
        (None, "page.html", ""),
        ("http://[broken", "page.html", ""),
        ("no address", "x/page.html", "x"),
    ],
)
def test_the_site_of_a_page(url: str | None, name: str, expected: str) -> None:
    assert describe(document(["Text."], url), name).site == expected


def test_a_page_of_a_million_blocks_is_described_by_its_ends() -> None:
    assert len(describe(document([f"Line {number}" for number in range(5000)]), "x/page.html").rows) == 2000 * 11


def corpus(raw: Path, numbers: range, footer: str = FOOTER) -> None:
    (raw / "site").mkdir(parents=True, exist_ok=True)
    for number in numbers:
        text = "\n\n".join([f"Article number {number}", *article(number), footer])
        (raw / f"site/{number}.txt").write_text(text, encoding="utf-8")


def dropped(processed: Path) -> dict[str, list[str]]:
    records = {path.stem: json.loads(path.read_bytes()) for path in sorted(processed.rglob("*.json"))}
    return {
        name: [block["text"] for block in record["dropped"] if block["reason"] == "repeated-across-pages"]
        for name, record in records.items()
    }


def test_a_run_drops_repeats_and_follows_the_set_of_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "outcomes", in_process)
    monkeypatch.setattr(folder, "run_fingerprint", lambda _: "as before")
    raw, processed = tmp_path / "raw", tmp_path / "processed"
    corpus(raw, range(4))
    run_folder(raw, processed)
    assert set(map(tuple, dropped(processed).values())) == {()}
    corpus(raw, range(4, 8))
    summary = run_folder(raw, processed)
    assert (summary.new, summary.changed, summary.unchanged) == (4, 4, 0)
    assert set(map(tuple, dropped(processed).values())) == {(FOOTER,)}
    assert run_folder(raw, processed).unchanged == 8
    at_once = tmp_path / "at-once"
    run_folder(raw, at_once)
    assert contents(processed) == contents(at_once)
    for number in range(4, 8):
        (raw / f"site/{number}.txt").unlink()
    run_folder(raw, processed, RunOptions(prune=True))
    assert set(map(tuple, dropped(processed).values())) == {()}


def test_repeats_depend_neither_on_order_nor_on_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus(tmp_path / "raw", range(8))
    run_folder(tmp_path / "raw", tmp_path / "two", RunOptions(jobs=2))

    def shuffled(jobs: object, task: object, **_: object) -> object:
        mixed = list(jobs)  # type: ignore[call-overload]
        random.Random(1).shuffle(mixed)
        return in_process(mixed, task)  # type: ignore[arg-type]

    monkeypatch.setattr(folder, "outcomes", shuffled)
    run_folder(tmp_path / "raw", tmp_path / "mixed")
    assert contents(tmp_path / "two") == contents(tmp_path / "mixed")
    assert set(map(tuple, dropped(tmp_path / "two").values())) == {(FOOTER,)}
