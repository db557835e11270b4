"""What a label means outside this project: the terms of schema.org that a taxonomy gives it.

`write` sees records alone, so whoever writes passes the vocabulary of the taxonomy that labelled them.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Terms(NamedTuple):
    """The terms of schema.org for one label, each empty where there is none.

    Attributes:
        property: property of MedicalCondition that the label's sections tell of (`signOrSymptom`).
        aspect: member of HealthAspectEnumeration (`SymptomsHealthAspect`).
    """

    property: str = ""
    aspect: str = ""


Vocabulary = Mapping[str, Terms]
"""Label → its terms."""
NO_VOCABULARY: Vocabulary = {}
