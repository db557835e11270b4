"""Which language a text is in."""

import pytest

from pipeline.language import _factory, detect_language

SENTENCES = {
    "en": "The joint is swollen and the patient cannot bend the knee, which is warm to the touch in the evening.",
    "ru": "Сустав отекает, и больной не может согнуть колено, которое к вечеру становится горячим на ощупь.",
    "de": "Das Gelenk ist geschwollen, und der Kranke kann das Knie nicht beugen, das sich abends warm anfühlt.",
    "es": "La articulación está hinchada y el paciente no puede doblar la rodilla, que por la tarde está caliente.",
    "zh": "关节肿胀，病人不能弯曲膝盖，晚上摸起来很热，需要休息几天才能走路。",
}


@pytest.mark.parametrize(("code", "text"), SENTENCES.items())
def test_detects_the_language(code: str, text: str) -> None:
    """A sentence or several of them give the same, right answer."""
    assert detect_language(text) == code
    assert detect_language(" ".join([text] * 5)) == code


def test_answer_does_not_change_between_calls() -> None:
    """langdetect draws at random unless it is seeded: the same short text gives the same answer every time."""
    assert len({detect_language("Voltaren gel 1 %, Diclofenac retard 100 mg") for _ in range(20)}) == 1


@pytest.mark.parametrize("text", ["", "   ", "42", "?!"])
def test_says_nothing_of_text_without_words(text: str) -> None:
    """Too little text has no language."""
    assert detect_language(text) is None


def test_table_is_the_one_of_langdetect() -> None:
    """Kept smaller, the probabilities of each language are those that langdetect itself reads."""
    from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory

    theirs = DetectorFactory()
    theirs.load_profile(PROFILES_DIRECTORY)
    ours = _factory()
    assert set(ours.word_lang_prob_map) == set(theirs.word_lang_prob_map)
    for letters in sorted(ours.word_lang_prob_map)[::500]:
        row = dict(zip(theirs.langlist, theirs.word_lang_prob_map[letters], strict=True))
        assert dict(zip(ours.langlist, ours.word_lang_prob_map[letters], strict=True)) == row
