"""Profiles of sites: pages beside what becomes of them, broken files beside what is said of them."""

import os
from pathlib import Path

import pytest

from pipeline.cli.main import status_of
from pipeline.document import restore
from pipeline.errors import DataFileError
from pipeline.read.profiles import load_profiles, site_of
from pipeline.read.stage import ReadOptions, fingerprint, read_page
from pipeline.strip.stage import strip_boilerplate

CASES = Path(__file__).parent / "cases/profiles"
PAGES = sorted(CASES.rglob("*.html"))
BROKEN = sorted(CASES.glob("broken-*.toml"))
SITES = ReadOptions(profiles=(CASES / "sites.toml",))


def outcome(page: Path) -> str:
    """Return title, date, findings and a line for each block: `+` kept, `-` dropped with its reason."""
    name = page.relative_to(CASES).as_posix()
    document = strip_boilerplate(read_page(page.read_bytes(), name=name, options=SITES))
    reasons = {id(drop.block): drop.reason for drop in document.drops}
    lines = [f"title: {document.title}", f"date: {document.metadata.date}"]
    lines += [f"! {finding.severity}: {finding.message} ({finding.code})" for finding in document.findings]
    for block in restore(document):
        mark = f"- {reasons[id(block)]}:" if id(block) in reasons else "+"
        lines.append(f"{mark} {block.text}".replace("\n", "⏎").replace("\t", "⇥"))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_golden_page(page: Path) -> None:
    """A profile goes before the scorer."""
    expected = page.with_suffix(".expected")
    if os.environ.get("GOLDEN") == "write":
        expected.write_text(outcome(page), encoding="utf-8")
    assert outcome(page) == expected.read_text(encoding="utf-8")


def test_no_lone_half() -> None:
    """Every page has its outcome, and the other way round."""
    assert {p.stem for p in PAGES} == {p.stem for p in CASES.rglob("*.expected")}


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_profile_is_named_with_its_line(path: Path) -> None:
    """What does not fit is an error for people, with file and line."""
    expected = path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# expect: ")
    with pytest.raises(DataFileError) as caught:
        load_profiles([path])
    assert str(caught.value).removeprefix(f"{CASES}/").startswith(expected.rstrip())


@pytest.mark.parametrize(
    ("url", "name", "domain"),
    [
        ("https://river.example/x", None, "river.example"),
        ("https://WWW.River.Example.:8080/x", None, "river.example"),
        ("https://very.old.river.example/x", None, "old.river.example"),
        ("https://driver.example/x", None, None),
        ("https://other.example/", "river.example/a.html", None),
        (None, "crawl/www.river.example/a.html", "river.example"),
        (None, "a.html", None),
        ("not an address", None, None),
        ("https://[broken/", None, None),
    ],
)
def test_the_closest_domain_counts(url: str | None, name: str | None, domain: str | None) -> None:
    """A profile holds for its domain and those below it; a page without an address is known by its folder."""
    site = site_of(load_profiles(SITES.profiles), url, name)
    assert (site and site.domain) == domain


def test_the_fingerprint_tells_profiles_apart(tmp_path: Path) -> None:
    """It changes with what a profile says, not with where it lies or how it is written."""
    (tmp_path / "a.toml").write_bytes((CASES / "sites.toml").read_bytes() + b"\n# a remark\n")
    assert fingerprint(SITES) == fingerprint(ReadOptions(profiles=(tmp_path,)))
    assert fingerprint(SITES) != fingerprint(ReadOptions())
    (tmp_path / "b.toml").write_text('[[site]]\ndomain = "b.example"\n', encoding="utf-8")
    assert fingerprint(SITES) != fingerprint(ReadOptions(profiles=(tmp_path,)))


def test_hostile_pages_under_a_profile() -> None:
    """Depth, size and broken markup neither break the selection nor make it slow."""
    head = '<link rel=canonical href="https://river.example/">'
    for body in ("<div class=story>" * 20_000 + "deep", "<b><p class=story>" * 300 + "x", "<p>" * 20_000 + "x"):
        document = strip_boilerplate(read_page(head + body, options=SITES))
        assert document.blocks or document.drops


def test_profiles_of_the_command_line_and_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Every command that reads pages takes profiles; a broken one ends it before any page."""
    (tmp_path / "p.html").write_bytes((CASES / "keep-and-drop.html").read_bytes())
    monkeypatch.chdir(tmp_path)
    assert status_of(["clean", "p.html", "--format", "text", "--profiles", str(CASES / "sites.toml")]) == 0
    assert "Go to bed early." in (told := capfd.readouterr().out)
    assert "The river froze" not in told
    for command in ("clean", "strip", "repair", "sections", "explain", "check"):
        assert status_of([command, "p.html", "--profiles", str(BROKEN[0])]) == 2
        streams = capfd.readouterr()
        assert f"pipeline: {BROKEN[0]}:" in streams.err
        assert streams.out == ""
    assert status_of(["run", ".", "out", "--profiles", "missing.toml"]) == 2
    assert "missing.toml: cannot be read" in capfd.readouterr().err
    text = '[tool.article-pipeline.read]\nprofiles = ["sites.toml"]\n'
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    (tmp_path / "sites.toml").write_bytes((CASES / "sites.toml").read_bytes())
    assert status_of(["clean", "p.html", "--format", "text"]) == 0
    assert "The river froze" not in capfd.readouterr().out
