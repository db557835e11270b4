"""Discovery: which files are pages, which are named as faults, and the ids of their records."""

import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.read.ids import file_key
from pipeline.run.pages import assign_ids, find_pages, shown


def make(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8", errors="surrogateescape")


def names(folder: Path) -> list[str]:
    return [page.name for page in find_pages(folder).pages]


def faults(folder: Path) -> dict[str, str]:
    return {fault.name: fault.message for fault in find_pages(folder).faults}


def test_pages_are_sorted_by_the_bytes_of_their_names(tmp_path: Path) -> None:
    make(tmp_path, "b.html", "B.htm", "a/z.txt", "a.xhtml", "ä.TXT", "a b.html")
    assert names(tmp_path) == ["B.htm", "a b.html", "a.xhtml", "a/z.txt", "b.html", "ä.TXT"]


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    make(tmp_path, ".hidden.html", ".git/page.html", "page.html")
    assert names(tmp_path) == ["page.html"]


def test_other_files_are_counted_by_ending(tmp_path: Path) -> None:
    make(tmp_path, "a.css", "b.CSS", "README", "page.html")
    assert find_pages(tmp_path).others == {".css": 2, "no ending": 1}


def test_a_link_to_a_page_is_a_page(tmp_path: Path) -> None:
    make(tmp_path, "page.html")
    (tmp_path / "link.html").symlink_to("page.html")
    assert names(tmp_path) == ["link.html", "page.html"]


def test_a_link_to_a_folder_is_followed_once(tmp_path: Path) -> None:
    make(tmp_path, "raw/site/page.html", "elsewhere/far.html")
    (tmp_path / "raw/away").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "raw/aaa").symlink_to("site")
    (tmp_path / "raw/site/self").symlink_to(".")
    (tmp_path / "raw/site/up").symlink_to("..")
    assert names(tmp_path / "raw") == ["away/far.html", "site/page.html"]
    assert set(faults(tmp_path / "raw")) == {"aaa", "site/self", "site/up"}


def test_links_that_lead_nowhere_are_named(tmp_path: Path) -> None:
    (tmp_path / "gone.html").symlink_to("nothing")
    (tmp_path / "round.html").symlink_to("round.html")
    found = faults(tmp_path)
    assert set(found) == {"gone.html", "round.html"}
    assert all("leads nowhere" in message for message in found.values())


def test_what_is_no_regular_file_is_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.html")
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(os.fsencode(tmp_path / "socket.txt"))
    (tmp_path / "folder.html").mkdir()
    assert set(faults(tmp_path)) == {"pipe.html", "socket.txt"}
    assert names(tmp_path) == []


def test_odd_names_are_read_and_named(tmp_path: Path) -> None:
    make(tmp_path, "line\nbreak.html", "byte\udcff.html", "space in it.html")
    assert len(names(tmp_path)) == 3
    assert {fault.name: fault.severity for fault in find_pages(tmp_path).faults} == {
        "line\nbreak.html": "warning",
        "byte\udcff.html": "warning",
    }


def test_a_folder_that_is_none_is_an_error(tmp_path: Path) -> None:
    make(tmp_path, "file")
    for name in ("missing", "file"):
        with pytest.raises(InputError, match=name):
            find_pages(tmp_path / name)


@pytest.mark.parametrize(
    ("given_names", "ids"),
    [
        (["a.html", "b.txt"], ["a", "b"]),
        (["a.html", "a.txt"], ["a.html", "a.txt"]),
        (["a.html", "A.txt"], ["a.html", "A.txt"]),
        (["a.html", "A.html"], ["a.html", "%41.html"]),
        (["a.html", "A.html", "a.html.txt"], ["a.html", "%41.html", "a.html.txt"]),
        (["x.html", "x.json/x.html"], ["x", "x%2Ejson/x"]),
    ],
)
def test_ids(given_names: list[str], ids: list[str]) -> None:
    assert assign_ids(given_names) == dict(zip(given_names, ids, strict=True))


_name = st.lists(
    st.text(st.sampled_from("aAbBäÄßs.%~\n\udcff" + "e\u0301é"), min_size=1, max_size=4), min_size=1, max_size=3
).map("/".join)


@given(st.lists(st.tuples(_name, st.sampled_from([".html", ".HTML", ".txt", ""])).map("".join), unique=True))
def test_no_two_pages_write_one_file(given_names: list[str]) -> None:
    """Whatever the names: ids differ even where a file system ignores case, and lie below the output folder."""
    ids = list(assign_ids(given_names).values())
    assert len({file_key(own) for own in ids}) == len(ids)
    assert not any(own.startswith(("/", ".")) or ".." in own.split("/") for own in ids)


def test_shown_is_one_printable_line() -> None:
    assert shown("a\nb\x1b[31m\udcff") == "a\\nb\\x1b[31m\\xff"
