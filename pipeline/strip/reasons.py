"""Why a block was left out: stable codes, each with its reason in words for people."""

REASONS: dict[str, str] = {
    "title": "shows the page's title, which is kept apart",
    "repeated-title": "shows the page's title once more",
    "breadcrumb": "shows the page's place in its site, which is kept apart",
    "navigation": "a menu or another way to other pages",
    "link-list": "mostly links",
    "contents": "a list of the page's own headings",
    "related": "leads to other articles",
    "comments": "readers' comments under an article",
    "share": "buttons to share, print, save or follow",
    "counter": "a rating or a count of views, votes or minutes",
    "tags": "tags or categories of the page",
    "byline": "names the author or the date",
    "video": "stands for a video or a gallery that is not part of the text",
    "advert": "an advertisement or an offer",
    "cookie-banner": "asks for consent to cookies or notifications",
    "form": "a form, a search box, a login or a subscription",
    "footer": "the site's footer: copyright, contacts, disclaimers",
    "sidebar": "a column beside the article",
    "hidden": "not shown by a browser",
    "caption": "an image's caption or alternative text between paragraphs",
    "repeated-across-pages": "stands on many pages of the site",
    "profile": "the site's profile says that it is not content",
    "low-score": "looks unlike the page's content as a whole",
}
"""Codes and reasons. Where the scorer decides, simple evidence names the reason; where none does, `low-score`."""

KEPT: dict[str, str] = {
    "content": "looks like the page's content",
    "doubtful": "looks like content, but not surely",
    "profile-keeps": "the site's profile says that it is content",
}
"""The same for blocks that stay."""
