"""One candidate at a time: shown with its sentences, edited, counted, decided on."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pipeline.data_file import parse_toml
from pipeline.errors import DataFileError, PipelineError
from pipeline.repair.entry import Entry, GlossaryFile
from pipeline.repair.exchange import to_toml
from pipeline.repair.lint import LintFinding
from pipeline.repair.phrase import PhraseError
from pipeline.review.approval import EntryError, approve, preview, refuse, withdraw
from pipeline.review.candidate import Candidate
from pipeline.review.entry_file import path_of
from pipeline.review.glossary_disk import read_file
from pipeline.review.queue import Decision, QueueError
from pipeline.review.report.reasons import ERRORS
from pipeline.review.report.stored import key_of
from pipeline.review.web.counting import Counts, Guard, count, mended
from pipeline.review.web.desk import Desk
from pipeline.review.web.draft import (
    Draft,
    InvalidDraftError,
    act,
    draft_of,
    following,
    from_form,
    name_of,
    outcome,
    to_entry,
)
from pipeline.review.web.forms import field
from pipeline.review.web.frame import LINKS, Form, by_script, desk_of, go, page, query, reviewer_of

REASONS = (
    "is right English",
    "is a medical term",
    "is a name",
    "too rare to matter",
    "means different things on different pages",
    "not clear what was meant",
)
"""Reasons for refusing that come up again and again; any other can be typed."""
DONE = {"approve": "Approved", "suggest": "Approved as a suggestion", "refuse": "Refused", "skip": "Skipped"}
TYPES = [name for name in ERRORS if name not in {"left", "other"}]


NO_REPLACEMENT = "There is no replacement yet: pick one, write one, or say that the phrase is to be taken out."


class Context(msgspec.Struct, frozen=True):
    """A sentence that the candidate stands in, in pieces: same text, what stood there, what would stand there."""

    page: str
    address: str
    pieces: tuple[tuple[str, str, str], ...]
    mended: bool


class Filters(msgspec.Struct, frozen=True):
    """Which candidates are wanted: of a field, from a language; empty: of any."""

    field: str = ""
    language: str = ""

    @property
    def query(self) -> dict[str, str]:
        """The same as the query of an address."""
        return {"field": self.field, "language": self.language}


def filters_of(request: Request) -> Filters:
    """Return the filters in an address."""
    return Filters(query(request, "field", 60), query(request, "language", 20))


def next_candidate(request: Request) -> Response:
    """Show the next candidate that nobody else has."""
    filters = filters_of(request)
    desk = desk_of(request)
    candidate = desk.queue.next(reviewer_of(request), field=filters.field, language=filters.language)
    return _shown(request, candidate, filters, said=_done(desk, query(request, "done", 20)))


def one_candidate(request: Request) -> Response:
    """Show a candidate that was chosen; it is this reviewer's from now on if nobody else has it."""
    desk = desk_of(request)
    candidate = _candidate(desk, request)
    said = _done(desk, query(request, "done", 20))
    try:
        if desk.queue.state(candidate.id) == "open":
            candidate = desk.queue.take(candidate.id, reviewer_of(request))
    except QueueError as error:
        said = f"{error.problem[:1].upper()}{error.problem[1:]}."
    return _shown(request, candidate, filters_of(request), said=said)


def decide(request: Request, form: Form) -> Response:
    """Take a form on a candidate: a decision, or a step of editing."""
    desk = desk_of(request)
    candidate = _candidate(desk, request)
    filters = Filters(field(form, "only_field")[:60], field(form, "only_language")[:20])
    before = draft_of(candidate)
    draft = following(act(from_form(form, before), _action(form)), before, desk.cue_sets())
    if any(draft.replace) and not any(before.replace) and draft.id == before.id:
        draft = _renamed(draft, candidate)
    verdict = field(form, "decision")
    if verdict not in DONE:
        return _edited(request, candidate, draft, filters, form)
    try:
        decision = _carried_out(desk, candidate, draft, verdict, reviewer_of(request), _reason(form))
    except EntryError as error:
        return _shown(request, candidate, filters, draft, problems=error.findings, said="Not written yet.", status=422)
    except (InvalidDraftError, DataFileError) as error:
        return _shown(request, candidate, filters, draft, fault=str(error), said="Not written yet.", status=422)
    except QueueError as error:
        return _shown(request, candidate, filters, draft, said=str(error), status=409)
    if by_script(request):
        coming = desk.queue.next(reviewer_of(request), field=filters.field, language=filters.language)
        answer = _shown(request, coming, filters, said=_told(decision), counted=False)
        answer.headers["HX-Push-Url"] = str(go("/review", **filters.query).headers["location"])
        return answer
    return go("/review", **filters.query, done=decision.number)


def undo(request: Request, form: Form) -> Response:
    """Take back a decision: the one named, or this reviewer's last."""
    desk = desk_of(request)
    reviewer = reviewer_of(request)
    number = field(form, "number")
    filters = Filters(field(form, "only_field")[:60], field(form, "only_language")[:20])
    last = desk.queue.decision(int(number)) if number.isdecimal() and len(number) < 12 else desk.queue.last(reviewer)
    if last is None:
        candidate = desk.queue.next(reviewer, field=filters.field, language=filters.language)
        return _shown(request, candidate, filters, said="There is nothing to undo.")
    try:
        withdraw(desk.queue, last.number, reviewer)
        candidate = desk.queue.take(last.candidate, reviewer)
    except QueueError as error:
        candidate = desk.queue.next(reviewer, field=filters.field, language=filters.language)
        return _shown(request, candidate, filters, said=str(error), status=409)
    if by_script(request):
        answer = _shown(request, candidate, filters, said=f"Undone: {DONE[last.decision].lower()} “{last.phrase}”.")
        answer.headers["HX-Push-Url"] = f"/candidates/{candidate.id}"
        return answer
    return go(f"/candidates/{candidate.id}", **filters.query, done=last.number)


def _action(form: Form) -> str:
    """Return the step that a button names; for the row that adds a guard, what was typed into it."""
    action = field(form, "do")
    if action == "add":
        return f"add:{field(form, 'add_kind')}:{field(form, 'add_value')}"
    return action


def _reason(form: Form) -> str:
    return (field(form, "pick") or field(form, "reason"))[:500].strip()


def _candidate(desk: Desk, request: Request) -> Candidate:
    candidate = desk.queue.get(str(request.path_params["id"]))
    if candidate is None:
        raise HTTPException(404, "There is no such candidate.")
    return candidate


def _carried_out(desk: Desk, candidate: Candidate, draft: Draft, verdict: str, reviewer: str, reason: str) -> Decision:
    match verdict:
        case "skip":
            return desk.queue.decide(candidate.id, reviewer, "skip")
        case "refuse":
            return refuse(
                desk.queue, candidate.id, reviewer, reason, folder=desk.options.folder, replace=draft.replace[0]
            )
        case _:
            if draft.lacks_replacement:
                raise InvalidDraftError(NO_REPLACEMENT)
            toml = to_toml(to_entry(draft, desk.cue_sets()))
            suggest = verdict == "suggest"
            return approve(
                desk.queue, candidate.id, reviewer, toml,
                folder=desk.options.folder, beside=desk.beside, suggest=suggest, reason=reason,
            )  # fmt: skip


def _edited(request: Request, candidate: Candidate, draft: Draft, filters: Filters, form: Form) -> Response:
    """Show what a step of editing did, and keep it with the candidate."""
    action = field(form, "do")
    if action.startswith(("source:", "replace:")):
        draft = _renamed(draft, candidate)
    desk = desk_of(request)
    if action.startswith("change:"):
        draft = _with_outcome(draft, desk)
    try:
        toml = to_toml(to_entry(draft, desk.cue_sets()))
        if desk.queue.state(candidate.id) == "open":
            candidate = msgspec.structs.replace(candidate, draft=toml)
            desk.queue.edit(candidate)
    except (InvalidDraftError, QueueError):
        pass  # shown below; what is no entry yet is kept in the form alone
    return _shown(request, candidate, filters, draft, reason=_reason(form), focus=action.partition(":")[0])


def _renamed(draft: Draft, candidate: Candidate) -> Draft:
    """Return the draft with an id that fits its replacement."""
    words = draft.replace[0].replace(":n", "") or candidate.phrase
    return msgspec.structs.replace(draft, id=name_of(draft.language, draft.field, words, candidate.id))


def _with_outcome(draft: Draft, desk: Desk) -> Draft:
    """Return the draft with what the entry makes of the last example that changes, where that is still empty."""
    try:
        entry = to_entry(msgspec.structs.replace(draft, change=()), desk.cue_sets())
        before = draft.change[-1][0]
        after = outcome(entry, before)
    except (InvalidDraftError, PhraseError, IndexError):
        return draft
    return msgspec.structs.replace(draft, change=(*draft.change[:-1], (before, after)))


def _shown(
    request: Request,
    candidate: Candidate | None,
    filters: Filters,
    draft: Draft | None = None,
    *,
    problems: tuple[LintFinding, ...] = (),
    fault: str = "",
    said: str = "",
    reason: str = "",
    focus: str = "",
    counted: bool = True,
    status: int = 200,
) -> Response:
    """Return the page of a candidate; `counted` is false where the answer must not wait for counts."""
    desk = desk_of(request)
    values: dict[str, object] = {
        "candidate": candidate,
        "filters": filters,
        "progress": desk.queue.counts(),
        "last": desk.queue.last(reviewer_of(request)),
        "done": DONE,
    }
    if candidate is not None:
        draft = draft or _first(candidate)
        values |= _of_candidate(desk, candidate, draft, fault, counted=counted)
        values |= {"problems": problems or values["problems"], "reason": reason, "focus": focus}
    return page(request, "review.html", values, current="Review", status=status, said=said)


def _first(candidate: Candidate) -> Draft:
    """Return the draft that a candidate is first shown with."""
    draft = draft_of(candidate)
    return msgspec.structs.replace(draft, delete=candidate.kind == "undone" and not any(draft.replace))


def _of_candidate(desk: Desk, candidate: Candidate, draft: Draft, fault: str, *, counted: bool) -> dict[str, object]:
    cue_sets = desk.cue_sets()
    try:
        entry: Entry | None = to_entry(draft, cue_sets)
    except InvalidDraftError as error:
        entry, fault = None, fault or str(error)
    if draft.lacks_replacement and counted:
        fault = fault or NO_REPLACEMENT
    defaults = _defaults(desk, draft.id)
    fixed = _fixed(defaults)
    ready = desk.corpora.ready.is_set()
    counts = None
    problems: tuple[LintFinding, ...] = ()
    if entry is not None and counted:
        counts = count(_filled(entry, defaults), desk.corpora, cue_sets, fixed) if ready else None
        problems, fault = _linted(desk, entry, fault, amend=candidate.kind == "undone")
    decided = next(iter(desk.queue.history(candidate=candidate.id, limit=1)), None)
    state = desk.queue.state(candidate.id)
    return {
        "draft": draft,
        "contexts": [
            _context(desk, candidate, None if draft.lacks_replacement else entry, number)
            for number in range(len(candidate.contexts))
        ],
        "counts": counts,
        "counted": counted and (ready or not desk.corpora.all),
        "effects": _effects(draft, counts),
        "fixed": sorted(fixed - set(_own_guards(draft)), key=lambda guard: (guard.kind, guard.value)),
        "corpora": desk.corpora,
        "problems": problems,
        "fault": fault,
        "toml": to_toml(entry) if entry else "",
        "path": path_of(Path(desk.options.folder.name), draft.id).as_posix() if entry else "",
        "types": TYPES,
        "reasons": REASONS,
        "state": state,
        "decided": decided if state != "open" else None,
        "cue_sets": sorted(cue_sets),
    }


def _linted(desk: Desk, entry: Entry, fault: str, *, amend: bool) -> tuple[tuple[LintFinding, ...], str]:
    """Return what lint says of an entry before anyone approves it."""
    day = desk.queue.now()[:10]
    try:
        found = preview(to_toml(entry), "reviewer", day, folder=desk.options.folder, beside=desk.beside, amend=amend)[1]
    except PipelineError as error:
        return (), fault or str(error)
    return tuple(found), fault


def _context(desk: Desk, candidate: Candidate, entry: Entry | None, number: int) -> Context:
    own = candidate.contexts[number]
    pieces: tuple[tuple[str, str, str], ...] = ()
    if entry is not None:
        try:
            pieces = mended(entry, own.sentence)
        except PhraseError:
            pieces = ()
    key = key_of(Path(own.page).with_suffix("").as_posix()) if own.page.strip("/.") else ""
    address = LINKS.article(key) if key and desk.page(key) else ""
    if len(pieces) > 1:
        return Context(own.page, address, pieces, mended=True)
    start, end = sorted((max(0, own.start), max(0, own.end)))
    marked = ((own.sentence[:start], own.sentence[start:end], ""), (own.sentence[end:], "", ""))
    return Context(own.page, address, marked, mended=False)


def _defaults(desk: Desk, entry_id: str) -> GlossaryFile:
    """Return the file that an entry would join, for what it gives to all its entries."""
    if entry_id.count(".") < 2 or not all(part.replace("-", "").isalnum() for part in entry_id.split(".")):
        return GlossaryFile()
    path = path_of(desk.options.folder, entry_id)
    try:
        return _defaults_in(read_file(path) or "", path)
    except DataFileError:
        return GlossaryFile()


@lru_cache(maxsize=64)
def _defaults_in(text: str, path: Path) -> GlossaryFile:
    """Read what the text of a file gives to all its entries: what stands before the first of them."""
    head = re.split(r"^[ \t]*\[\[[ \t]*entry", text, maxsplit=1, flags=re.MULTILINE)[0]
    return parse_toml(head, GlossaryFile, path) if head else GlossaryFile()


def _fixed(content: GlossaryFile) -> frozenset[Guard]:
    own = content.defaults
    return frozenset(
        [Guard("topic", topic) for topic in own.topic]
        + [Guard("cues", cue) for cue in own.cues]
        + [Guard("unless", cue) for cue in own.unless]
    )


def _filled(entry: Entry, content: GlossaryFile) -> Entry:
    own = content.defaults
    return msgspec.structs.replace(
        entry,
        topic=own.topic if entry.topic is None else entry.topic,
        cues=own.cues if entry.cues is None else entry.cues,
        unless=(*entry.unless, *own.unless),
        mt=max(entry.mt, own.mt),
        status="approved",
    )


def _own_guards(draft: Draft) -> list[Guard]:
    guards = [Guard("topic", value) for value in draft.topic] + [Guard("cues", value) for value in draft.cues]
    guards += [Guard("unless", value) for value in draft.unless] + [Guard("not", value) for value in draft.not_]
    return guards + ([Guard("mt", str(draft.mt))] if draft.mt else [])


def _effects(draft: Draft, counts: Counts | None) -> Mapping[str, list[tuple[Guard, object]]]:
    """Return the draft's guards by kind, each with what taking it away would do, None where that is not known."""
    known = {effect.guard: effect for effect in counts.guards} if counts else {}
    by_kind: dict[str, list[tuple[Guard, object]]] = {}
    for guard in _own_guards(draft):
        by_kind.setdefault(guard.kind, []).append((guard, known.get(guard)))
    return by_kind


def _done(desk: Desk, number: str) -> str:
    decision = desk.queue.decision(int(number)) if number.isdecimal() and len(number) < 12 else None
    return _told(decision) if decision else ""


def _told(decision: Decision) -> str:
    name = DONE[decision.decision]
    if not decision.stands:
        return f"Undone: {name.lower()} “{decision.phrase}”."
    return f"{name}: “{decision.phrase}”" + (f" as {decision.entry_id}." if decision.entry_id else ".")
