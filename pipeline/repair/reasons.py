"""Why text was changed, in words, for reasons that are no glossary entries; an entry's id speaks for itself."""

REASONS: dict[str, str] = {
    "mojibake": "Letters garbled by a wrong decoding were put right.",
    "look-alike": "A letter of another script that looks like a Latin one was replaced.",
    "split-word": "A word that a space had cut in two was joined.",
    "line-break-hyphen": "A word cut at the end of a line was joined.",
    "joined-words": "Two words that had lost the space between them were parted.",
    "joined-sentences": "Two sentences or lines that had run into one another were parted.",
    "space-after-stop": "A space was put after a full stop or comma.",
    "space-before-bracket": "A space was put before a bracket.",
    "space-before-mark": "A space before a comma or full stop was taken out.",
    "doubled-word": "A word written twice in a row is written once.",
    "sentence-capital": "A sentence begins with a capital.",
    "stray-capital": "A capital in the middle of a sentence became small.",
    "dash-for-is": "A dash that stood for the verb “is” was replaced by it.",
    "subject-first": "A subject that stood behind its verb was put before it.",
    "article-before-plural": "“A” or “an” before a plural was taken away.",
    "decimal-comma": "A decimal comma became a point.",
    "degrees": "A temperature got its degree sign.",
}
