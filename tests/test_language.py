"""Which language a text is in."""

import pytest

from pipeline.language import detect_language

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
