"""Glossary files read strictly, linted, exchanged with other formats; each check is fed what it must find."""

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from pipeline.document import Document
from pipeline.errors import DataFileError
from pipeline.repair import compiled, index_cache
from pipeline.repair.entry import Entry, json_schema
from pipeline.repair.examples import run_examples
from pipeline.repair.exchange import export_csv, export_tbx, import_csv, import_tbx, to_toml
from pipeline.repair.glossary_files import BUILT_IN, Located, load, parse_file
from pipeline.repair.lint import CHECKS, lint
from pipeline.repair.tools import diff, show, source_of, stats, try_sentence

CASES = Path(__file__).parent / "cases" / "glossary"
DOCS = Path(__file__).parent.parent / "docs"


def folder_of(case: Path, tmp_path: Path) -> Path:
    """Copy a case file to a glossary folder of its own."""
    (tmp_path / "ru").mkdir()
    shutil.copy(case, tmp_path / "ru" / case.name)
    return tmp_path


def expected(case: Path) -> str:
    """Return what the first line of a case file says that must be found."""
    return case.read_text(encoding="utf-8").split("\n")[0].removeprefix("# expect:").strip()


@pytest.mark.parametrize("case", sorted((CASES / "bad").glob("*.toml")), ids=lambda path: path.stem)
def test_an_error_names_file_line_entry_and_mend(case: Path, tmp_path: Path) -> None:
    """Each broken file says where it is broken and what to do."""
    with pytest.raises(DataFileError) as caught:
        load([folder_of(case, tmp_path)])
    line, *words = expected(case).split(", ")
    assert f"{case.name}:{line.removeprefix('line ')}: " in str(caught.value)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("case", sorted((CASES / "lint").glob("*.toml")), ids=lambda path: path.stem)
def test_lint_finds_what_is_wrong_and_no_more(case: Path, tmp_path: Path) -> None:
    """The linter is tested with entries that have one fault each, and with one that has none."""
    found = lint(load([folder_of(case, tmp_path)]))
    assert sorted(finding.code for finding in found) == sorted(expected(case).split())
    assert all(str(finding).startswith(f"{finding.path}:{finding.line}: ") for finding in found)


def test_refused_proposals_are_refused_again(tmp_path: Path) -> None:
    """What stands in refused.toml cannot come back."""
    folder = folder_of(CASES / "lint" / "clean.toml", tmp_path)
    (folder / "refused.toml").write_text(
        '[[refused]]\nmatch = "bark of the brain"\nreplace = "cerebral cortex"\n'
        'why = "test"\nby = "x"\non = "2026-01-31"\n',
        encoding="utf-8",
    )
    assert [finding.code for finding in lint(load([folder]))] == ["refused"]


def test_checks_show_bad_and_good() -> None:
    """The docstring of a check shows what it finds."""
    for check in CHECKS:
        assert check.__doc__
        assert "Bad:" in check.__doc__


def test_examples_that_fail_say_why(tmp_path: Path) -> None:
    """A failing example names its entry, what was expected, what came out, and the guard that decided."""
    (tmp_path / "ru").mkdir()
    (tmp_path / "ru" / "x.toml").write_text(
        '[[entry]]\nid = "ru.x.y"\nmatch = "bark"\nreplace = "cortex"\ncues = ["brain"]\n'
        'change = [["The bark hurts.", "The cortex hurts."]]\nkeep = ["The bark of the brain."]\n',
        encoding="utf-8",
    )
    change, keep = run_examples(load([tmp_path]).entries)
    assert (change.kind, change.got, "none of its cues" in change.why) == ("change", "The bark hurts.", True)
    assert (keep.kind, keep.got) == ("keep", "The cortex of the brain.")
    assert "ru.x.y" in str(keep)


def test_the_published_schema_is_current() -> None:
    """docs/glossary.schema.json is what the structs say, and a valid schema."""
    jsonschema.Draft202012Validator.check_schema(json_schema())
    text = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    assert (DOCS / "glossary.schema.json").read_text(encoding="utf-8") == text


def test_the_example_in_the_docs_works() -> None:
    """The worked entry of docs/glossary.md reads, and its examples pass."""
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    toml = text.split("```toml\n")[1].split("```")[0]
    located = parse_file(toml, Path("ru/eyes.toml"))
    assert located
    assert not run_examples(located)


def test_csv_goes_there_and_back() -> None:
    """Every key of every entry survives CSV and TOML."""
    entries = load([BUILT_IN]).entries
    text = export_csv(entries)
    read = import_csv(text, Path("x.csv"))
    again = parse_file("".join(map(to_toml, read)), Path("ru/x.toml"))
    assert export_csv(again) == text


def test_csv_errors_name_the_line(tmp_path: Path) -> None:
    """A wrong column or cell is an error with its line."""
    with pytest.raises(DataFileError, match=r"x.csv:1: has the unknown column 'colour'"):
        import_csv("id,match,colour\r\na,b,c\r\n", Path("x.csv"))
    with pytest.raises(DataFileError, match=r"x.csv:2: .*mt: is not JSON"):
        import_csv("id,match,replace,mt\r\nru.a.b,b,c,many\r\n", Path("x.csv"))
    with pytest.raises(DataFileError, match=r"x.csv:2: entry BAD"):
        import_csv("id,match,replace\r\nBAD,b,c\r\n", Path("x.csv"))


def test_an_imported_entry_is_a_candidate() -> None:
    """Nobody's file can approve itself."""
    (entry,) = import_csv("id,match,replace,status\r\nru.a.b,b,c,approved\r\n", Path("x.csv"))
    assert entry.status == "candidate"


def test_tbx_goes_there_and_back() -> None:
    """Terms, source terms and ids survive TBX-Basic."""
    located = load([BUILT_IN]).entries
    entries = [one.entry for one in located]
    read = import_tbx(export_tbx(located), Path("x.tbx"))
    assert [entry.id for entry in read] == [entry.id for entry in entries]
    for entry, source in zip(read, entries, strict=True):
        assert entry.matches == tuple(text.strip() for text in source.matches)
        assert entry.source == source.source.strip()


def test_tbx_with_entities_is_refused() -> None:
    """Entity bombs are not expanded."""
    with pytest.raises(DataFileError, match="entities"):
        import_tbx('<!DOCTYPE t [<!ENTITY a "b">]><tbx>&a;</tbx>', Path("x.tbx"))


def test_try_show_and_stats() -> None:
    """A sentence can be tried, an entry shown as it stands, the glossary counted."""
    trial = try_sentence("Before to treat it, rest.")
    assert trial.after == "Before treating it, rest."
    assert [d.outcome for d in trial.decisions] == ["applied"]
    located = show("ru.constructions.before-to")
    assert located is not None
    assert source_of(located).startswith('[[entry]]\nid = "ru.constructions.before-to"\n')
    assert show("ru.no.such") is None
    counts = stats(load([BUILT_IN]))
    assert counts.entries == sum(counts.by_status.values())
    assert counts.approved == counts.by_status["approved"] == sum(counts.by_language.values())


def test_diff_tells_hits_gained_and_lost(tmp_path: Path) -> None:
    """A change to the glossary is seen on documents, in context."""
    old, new = tmp_path / "old", tmp_path / "new"
    for folder, word in ((old, "bark of the brain"), (new, "brain bark")):
        (folder / "ru").mkdir(parents=True)
        (folder / "ru" / "x.toml").write_text(
            f'[[entry]]\nid = "ru.x.y"\nmatch = "{word}"\nreplace = "cortex"\nstatus = "approved"\n', encoding="utf-8"
        )
    document = Document.from_paragraphs("", ["The bark of the brain, or brain bark, aches."])
    found = diff([document], [old], [new])
    assert [(hit.before, hit.left[-4:], hit.right) for hit in found.gained] == [("brain bark", " or ", ", aches.")]
    assert [hit.before for hit in found.lost] == ["bark of the brain"]


def test_the_cache_is_used_and_its_loss_harmless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A compiled glossary is kept by the hash of its files; a broken or unwritable cache changes nothing."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = folder_of(CASES / "lint" / "clean.toml", tmp_path)
    name = compiled.glossary_hash((folder,))[:32]
    compiled.load_engine.cache_clear()
    compiled.load_engine((folder,))
    kept = tmp_path / "cache" / "article-pipeline" / f"glossary-{name}.bin"
    assert index_cache.read(name) is not None
    for data in (b"", b"\x93garbage", kept.read_bytes()[:-3]):
        kept.write_bytes(data)
        assert index_cache.read(name) is None
        compiled.load_engine.cache_clear()
        compiled.load_engine((folder,))
        assert index_cache.read(name) is not None
    blocked = tmp_path / "blocked"
    blocked.write_text("a file, no folder", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    compiled.load_engine.cache_clear()
    assert compiled.load_engine((folder,)) is not None
    compiled.load_engine.cache_clear()


def test_an_entry_keeps_its_defaults() -> None:
    """A file's defaults fill in what an entry leaves out, and only that."""
    text = (
        '[defaults]\ntopic = ["medicine"]\ncues = ["@own"]\nunless = ["tree"]\n[cue_sets]\nown = ["brain"]\n'
        '[[entry]]\nid = "ru.x.a"\nmatch = "bark"\nreplace = "cortex"\n'
        '[[entry]]\nid = "ru.x.b"\nmatch = "rind"\nreplace = "cortex"\ntopic = []\ncues = []\nunless = ["lemon"]\n'
    )
    first, second = (located.entry for located in parse_file(text, Path("ru/x.toml")))
    assert (first.topics, first.cues, first.unless) == (("medicine",), ("brain",), ("tree",))
    assert (second.topics, second.cues, second.unless) == ((), (), ("lemon", "tree"))


def test_only_one_approved_replacement_is_automatic() -> None:
    """Status, number of candidates, `apply` and type decide together."""
    entry = Entry(id="ru.x.a", match="bark", replace="cortex")
    located = Located(entry, Path("x"), 1, "ru", "x")
    assert not located.entry.automatic
    for options, automatic in (
        ({"status": "approved"}, True),
        ({"status": "approved", "apply": "suggest"}, False),
        ({"status": "approved", "replace": ("a", "b")}, False),
        ({"status": "approved", "type": "danger"}, False),
        ({"status": "trial"}, False),
    ):
        values = {"id": "ru.x.a", "match": "bark", "replace": "cortex", **options}
        assert Entry(**values).automatic is automatic  # type: ignore[arg-type]
