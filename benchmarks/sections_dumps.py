"""Articles with marked sections rendered as the plain-text dumps that scrapers leave, to train the line model.

Each dump has a style of its own: bullets kept or lost, headings as they were, in lower case, in
capitals, with colons or numbers, as questions or with the topic's name; captions and furniture between.
"""

import random
from typing import Any

FURNITURE = (
    "Share", "Share this", "Share on social networks", "Tell a friend", "Send to a friend", "Print",
    "Print this page", "Print version", "Related posts", "Related articles", "Related materials",
    "Similar articles", "You may also like", "Recommended", "Recommended for you", "Popular", "Popular articles",
    "Most read", "Latest news", "News", "See also", "Read more", "Read also", "More", "More details",
    "Continue reading", "Advertising", "Advertisement", "Ad", "Sponsored", "Partner material", "0 comments",
    "Comments", "3 comments", "Leave a comment", "Add a comment", "Reply", "Views 3021", "Views: 815", "Back",
    "Go back", "Next", "Previous", "Previous article", "Next article", "Next page", "Page 1 of 3", "Top", "Up",
    "To the top of the page", "Scroll up", "Subscribe", "Subscribe to the newsletter", "Subscribe to our channel",
    "Follow us", "Was this article helpful?", "Did you like the article?", "Rate the article", "Rating 4.6",
    "Your rating", "Vote", "Votes: 12", "Tags: health, treatment", "Tags", "Category", "Category: diseases",
    "Section: reference book", "Contents", "Table of contents", "Hide", "Show all", "Expand", "Download",
    "Download as PDF", "Save", "Add to favourites", "Copy link", "Author of the article", "Author",
    "About the author", "Editor", "Reviewed by a doctor", "Last updated", "Published 12.03.2019",
    "Updated: 2 May 2020", "Reading time 7 min", "Home", "Menu", "Search", "Log in", "Register", "Contact us",
    "About us", "Privacy policy", "Terms of use", "All rights reserved", "Cookies", "Ask a doctor",
    "Ask a question", "Make an appointment", "Sign up online", "Find a clinic", "Buy online", "Order a call",
    "Source", "Sources: medical journals", "Photo gallery", "Video", "Watch the video", "Enlarge",
    "Click to enlarge", "Image source", "Loading",
)  # fmt: skip
"""Lines that pages have around their text; what such a page commonly says, not what any one list holds."""
PICTURED = (
    "photo", "in the picture", "symptoms", "picture", "treatment", "diagram", "on x-ray", "at home", "scheme", "pills",
    "woman with pain", "massage", "exercises video", "in children photo", "causes", "signs", "causes photo", "doctor",
    "treatment at home", "prevention", "bones", "in adults", "the patient and the doctor", "what to do", "ointment",
)  # fmt: skip
WITH_TOPIC = ("{h} of {t}", "{h} of {t}", "{t}: {h}", "{h} in {t}", "{h} at {t}", "{T} {h}")
ASKED = ("What are the {h} of {t}?", "{h}: what to know?", "How about {h}?", "{h} - what is it?")
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


class Style:
    """How one dump writes its lines."""

    def __init__(self, rng: random.Random) -> None:
        self.bullet = rng.choice(["• ", "• ", "• ", "- ", "* ", "– ", "· ", "", ""])
        self.case = rng.choices(["as it is", "lower", "upper", "title"], [70, 15, 8, 7])[0]
        self.colon = rng.random() < 0.12
        self.asked = rng.random() < 0.08
        self.topic = rng.random() < 0.3
        self.number = rng.choice(["{n}. ", "{n}) ", "{r}. ", "{n} "]) if rng.random() < 0.1 else ""
        self.brief = rng.random() < 0.12  # paragraphs of a sentence, as thin pages have them
        self.captions = rng.random() < 0.25  # captions begin with a capital
        self.odd = rng.random() < 0.1  # headings name no topic, as portals write them

    def heading(self, heading: str, topic: str, number: int, rng: random.Random) -> str:
        """Return a heading as this dump writes it."""
        if self.topic and rng.random() < 0.4:
            heading = rng.choice(WITH_TOPIC).format(h=heading, t=topic.lower(), T=topic)
        if self.asked and rng.random() < 0.4:
            heading = rng.choice(ASKED).format(h=heading.lower(), t=topic.lower()).capitalize()
        cased = {"lower": heading.lower(), "upper": heading.upper(), "title": heading.title()}.get(self.case, heading)
        mark = self.number.format(n=number, r=ROMAN[min(number, 10) - 1])
        return f"{mark}{cased}{':' if self.colon else ''}"


def render(article: dict[str, Any], seed: int) -> list[tuple[str, bool]]:
    """Return the lines of a dump of the article, each with whether it is a heading."""
    rng = random.Random(seed)
    style, topic = Style(rng), article["title"]
    lines: list[tuple[str, bool]] = []
    if rng.random() < 0.6:
        place = [
            rng.choice(["Home", "Main", "Index"]),
            rng.choice(["Illnesses", "Health", "Articles", "Handbook"]),
            topic,
        ]
        lines.append((rng.choice([" / ", " » ", " > "]).join(place), False))
    if rng.random() < 0.7:
        lines.append((topic, False))
    abstract = article.get("abstract", "").split("\n")
    lines += [(_block("p", part, style, rng), False) for part in abstract[: rng.randint(1, 4)]]
    for number, section in enumerate(article["sections"], 1):
        if rng.random() > 0.03:  # a few headings are lost
            name = _words_of_text(section, rng) if style.odd and rng.random() < 0.6 else section["heading"]
            lines.append((style.heading(name, topic, number, rng), True))
        lines += [(_block(kind, " ".join(text.split()), style, rng), False) for kind, text in section["blocks"]]
        if rng.random() < 0.3:
            lines.append((_caption(section["heading"], topic, style, rng), False))
        if rng.random() < 0.08:
            lines.append((rng.choice(FURNITURE), False))
    lines = [(text.strip(), heading) for text, heading in lines if text.strip()]
    headings = [index for index, (_, heading) in enumerate(lines) if heading]
    if headings and rng.random() < 0.04:  # the page was cut off behind a heading
        lines = lines[: rng.choice(headings) + 1]
    return lines


def _words_of_text(section: dict[str, Any], rng: random.Random) -> str:
    """Return two to six words from the middle of a section's text: a heading that no list and no model knows."""
    words = " ".join(text for _, text in section["blocks"]).split()[:400]
    first, size = rng.randrange(max(1, len(words) - 6)), rng.randint(2, 6)
    found = " ".join(words[first : first + size]).strip(".,;:()").replace(". ", " ")
    return found[:1].upper() + found[1:] or section["heading"]


def _block(kind: str, text: str, style: Style, rng: random.Random) -> str:
    if kind == "li":
        return style.bullet + text
    if kind == "cap":
        words = " ".join(text.rstrip(".").split()[: rng.randint(2, 8)])
        return words if style.captions else words.lower()
    return text.split(". ")[0].rstrip(".") + "." if style.brief else text


def _caption(heading: str, topic: str, style: Style, rng: random.Random) -> str:
    chance = rng.random()
    subject = topic if chance < 0.5 else heading if chance < 0.85 else ""
    caption = f"{subject} {rng.choice(PICTURED)}".strip() if subject else topic
    return caption.lower().capitalize() if style.captions else caption.lower()
