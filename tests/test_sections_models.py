"""The models and the shortcuts around them: what is fast gives what is plain."""

import re
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from pipeline.sections.chain import Link, follow
from pipeline.sections.evidence import Judge
from pipeline.sections.features import text_features
from pipeline.sections.heading_rules import match_heading
from pipeline.sections.literals import Search, required
from pipeline.sections.models import load_model
from pipeline.sections.taxonomy import SHIPPED, load_taxonomy
from pipeline.sections.text_model import TextModel, load_text_model, numbered

WEIGHTS = Path(__file__).parent.parent / "pipeline" / "sections" / "weights"
WORDS = ["pain", "the", "of", "a", "joint", "1984", "5%", "it's", "unknownword", "12"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join)
SENTENCES = st.lists(
    st.sampled_from(
        "the symptoms of gout are pain it develops due to is treated with tablets diagnosis doctor prevention signs"
        " main first in pregnancy per 100,000 people 20 mg ,".split(" ")
    ),
    max_size=40,
).map(" ".join)


def small_model() -> TextModel:
    """Return a model whose features are few enough to name."""
    features = ["pain", "of", "0000", "%", "it's", "pain of", "of joint", "00 pain", "^pain", "^%"]
    words = sorted({part for name in features for part in name.removeprefix("^").split(" ")})
    _, pairs, openings = numbered(words, features)
    rows = len(words) + len(pairs) + len(openings)
    return TextModel(
        {
            "classes": np.array("x\ny"),
            "words": np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
            "pairs": np.sort(np.array(pairs)),
            "openings": np.sort(np.array(openings)),
            "weights": np.ones((rows, 2), dtype=np.int8),
            **{name: np.ones(2) for name in ("scale", "bias", "log_prior")},
            "idf": np.ones(rows),
            "stack": np.eye(7, 2),
            "transitions": np.zeros((3, 2)),
        }
    )


@given(TEXTS)
def test_features_by_number_are_those_by_name(text: str) -> None:
    """The rows of a text are those of the features that it has by name, as often."""
    model = small_model()
    words = sorted(["pain", "of", "0000", "%", "it's", "joint", "00"])
    _, pairs, openings = numbered(words, ["pain of", "of joint", "00 pain", "^pain", "^%"])
    names = [*words, *(f"{words[key // len(words)]} {words[key % len(words)]}" for key in sorted(pairs))]
    names += [f"^{words[number]}" for number in sorted(openings)]
    wanted = sorted(name for name in text_features(text) if name in names)
    assert sorted(names[row] for row in model.rows(text)) == wanted


@pytest.mark.parametrize("text", ["", "the the", "x" * 100_000, "pain " * 50_000, "7" * 9999, "\x00 ÿ 痛"])
def test_probabilities_of_any_text(text: str) -> None:
    """They add up to one, whatever the text."""
    probabilities = load_text_model().probabilities(text)
    assert probabilities.sum() == pytest.approx(1)
    assert np.all(probabilities >= 0)


@pytest.mark.parametrize("name", SHIPPED)
@given(text=SENTENCES)
@settings(max_examples=40, deadline=None)
def test_searching_together_finds_what_each_expression_finds(name: str, text: str) -> None:
    """No expression is passed over that would have matched."""
    for each in ("openings", "cues"):
        labelled = [(label.id, getattr(label, each)) for label in load_taxonomy(name).file.label]
        plain = {
            label: min(found)
            for label, expressions in labelled
            if (found := [m.start() for e in expressions if (m := re.search(e, text))])
        }
        assert Search(labelled).first(text) == plain
        assert set(Search(labelled).count(text, 3)) == set(plain)


@pytest.mark.parametrize(
    ("expression", "strings"),
    [
        (r"^in vain\b", {"in vain"}),
        (r"\b(signs?|symptoms?) of\b", {"ign", "ymptom"}),
        (r"treat(ed|ment)?", {"treat"}),
        (r"(?i)treatment", set()),
        (r"(pain)?", set()),
        (r"(pain)+ or\b", {"pain"}),
        (r"\d+ mg", {" mg"}),
        (r"ab|c", set()),
    ],
)
def test_required_strings(expression: str, strings: set[str]) -> None:
    """Each match holds one of them; where that cannot be told there are none."""
    assert required(expression) == strings


def test_weights_are_small() -> None:
    """All models together stay below 3 MB, and none holds what is no number."""
    assert sum(path.stat().st_size for path in WEIGHTS.iterdir()) < 3_000_000
    for name in ("line", "heading", "heading_flat"):
        model = load_model(name)
        assert all(np.all(np.isfinite(value)) for value in model.extra.values())
    assert load_text_model().transitions.shape == (len(load_text_model().classes) + 1, len(load_text_model().classes))


def links(*headings: str) -> list[Link]:
    taxonomy = load_taxonomy("health")
    return [Link(heading, match_heading(heading, taxonomy, "Gout"), ()) for heading in headings]


def labels_of(*headings: str) -> list[str]:
    judge = Judge(load_taxonomy("health"), "Gout")
    return [judge.names[label] for label, _, _ in follow(links(*headings), judge, judge.index["overview"])]


def test_headings_of_a_dump_mean_what_they_say_where_all_are_known() -> None:
    """No heading of the page is unknown, so none stands below another."""
    assert labels_of("Causes", "Symptoms", "Complications", "Diet") == ["causes", "symptoms", "complications", "diet"]


def test_an_unknown_heading_of_a_dump_goes_on_with_the_section_before() -> None:
    """Its label is that of the section before it."""
    assert labels_of("Treatment", "Quxil and brattorin", "Prognosis") == ["treatment", "treatment", "prognosis"]


def test_a_dump_without_sections() -> None:
    """Nothing in, nothing out."""
    assert labels_of() == []
