"""Some thousands of inputs of the fuzzer, the same each time; `make fuzz` goes on from there."""

from pathlib import Path

import pytest

from tests.bombs import BOMBS
from tests.fuzz import check, fault, hunt, page, smaller

READ, CLEANED = 2400, 400
"""Inputs that are read, and inputs that go all the way."""
PART = 100
SMALL = 10_000
"""Bytes of a bomb; an exponential cost hangs at this size already."""


def faults(first: int, count: int, depth: int) -> list[str]:
    """Return what fails among the inputs, with the number that `page` makes each of again."""
    found = ((number, fault(*page(0, number), depth)) for number in range(first, first + count))
    return [f"page(0, {number}): {what}" for number, what in found if what]


@pytest.mark.parametrize("first", range(0, READ, PART * 4))
def test_any_bytes_are_read(first: int) -> None:
    """Reading keeps the laws on any bytes."""
    assert faults(first, PART * 4, 0) == []


@pytest.mark.parametrize("first", range(READ, READ + CLEANED, PART))
def test_any_bytes_are_cleaned(first: int) -> None:
    """The whole journey keeps the laws on any bytes."""
    assert faults(first, PART, 1) == []


@pytest.mark.parametrize("bomb", BOMBS)
def test_small_bombs_keep_the_laws(bomb: str) -> None:
    """Pages that are built to cost time or memory are read and cleaned like others."""
    data = BOMBS[bomb](SMALL)
    for name in ("bomb.html", "bomb.txt"):
        check(data, name, depth=1)


def test_an_input_can_be_had_again() -> None:
    """The same seed and number give the same page."""
    assert [page(5, number) for number in range(40)] == [page(5, number) for number in range(40)]
    assert page(5, 1) != page(6, 1)


def test_the_fuzzer_makes_a_failing_input_small() -> None:
    """What does not matter for a fault is left out."""
    assert smaller(b"x" * 300 + b"!" + b"y" * 77, lambda data: b"!" in data) == b"!"


def test_the_fuzzer_finds_a_planted_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stage that fails on some input is found, and the reproducer fails again."""
    import tests.fuzz

    def check_with_fault(data: bytes | str, name: str | None, *, depth: int) -> None:
        assert "ne" not in (data if isinstance(data, str) else data.decode("latin-1")), "planted"

    monkeypatch.setattr(tests.fuzz, "check", check_with_fault)
    assert hunt(1, 2.0, 0, tmp_path) == 1
    (reproducer,) = tmp_path.iterdir()
    assert reproducer.read_bytes() == b"ne"


def test_our_own_pages_pass(tmp_path: Path) -> None:
    """What the command line does with a file."""
    path = tmp_path / "a.html"
    path.write_bytes(b"<h1>Tea</h1><p>Tea is a drink made of leaves and hot water.</p>")
    check(path.read_bytes(), path.name, depth=2)
