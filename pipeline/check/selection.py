"""Which checks run, how severe they are and what a baseline already knows."""

import fnmatch
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from pipeline.check.finding import RANK, CheckFinding, PageReport
from pipeline.check.registry import Check, all_checks
from pipeline.check.subject import Expectations, Provenance
from pipeline.errors import DataFileError, UsageError
from pipeline.read.profiles import host_of
from pipeline.record import Severity


class Site(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the settings say of one site; None where they say nothing.

    Attributes:
        ignore: codes, their beginnings or names that do not count there.
        expected_sections: labels that its pages must have.
        expected_provenance: what its pages must say of their source.
        doubt: see `Expectations`.
        sure: see `Expectations`.
    """

    ignore: tuple[str, ...] = ()
    expected_sections: tuple[str, ...] | None = None
    expected_provenance: tuple[Provenance, ...] | None = None
    doubt: float | None = None
    sure: float | None = None


_FIELDS = ("expected_sections", "expected_provenance", "doubt", "sure")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """What the user asked for.

    Attributes:
        select: codes or their beginnings that run; empty: all.
        extend_select: more of them.
        ignore: codes or their beginnings that do not.
        severity: the least severe findings that are reported.
        per_file_ignores: glob of paths → codes that do not count there.
        expected_sections: labels that every page must have.
        expected_provenance: what every page must say of its source.
        doubt: see `Expectations`.
        sure: see `Expectations`.
        timeout: seconds that a page may take.
        sites: host (or folder named like it) → what is different for its pages.
    """

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Severity = "info"
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    expected_sections: tuple[str, ...] = ()
    expected_provenance: tuple[Provenance, ...] = ()
    doubt: float = Expectations().doubt
    sure: float = Expectations().sure
    timeout: float = 30.0
    sites: Mapping[str, Site] = field(default_factory=dict)

    def expectations(self, site: Site) -> Expectations:
        """Return what is expected of a site's pages."""
        own = {name: value for name in _FIELDS if (value := getattr(site, name)) is not None}
        return Expectations(**{name: getattr(self, name) for name in _FIELDS} | own)

    def site(self, path: str, url: str | None) -> Site:
        """Return what is different for a page: by the host of its address, else by a folder named like a site.

        A site's settings hold for its subdomains too; the longest name that fits decides.
        """
        host = host_of(url)
        folders = path.lower().split("/")[:-1]
        for name in sorted(self.sites, key=lambda name: (-len(name), name)):
            if host == name or host.endswith(f".{name}") or name in folders:
                return self.sites[name]
        return Site()


def chosen(options: CheckOptions) -> list[Check]:
    """Return the checks that run, by code. The longest beginning that fits decides; ignoring wins a draw.

    Raises:
        UsageError: a code that fits no check.
    """
    checks = all_checks()
    asked = (*options.select, *options.extend_select, *options.ignore, *sum(options.per_file_ignores.values(), ()))
    asked += sum((site.ignore for site in options.sites.values()), ())
    for code in asked:
        if not any(_fits(check, code) for check in checks):
            raise UsageError(f"there is no check {code!r}", mend="`pipeline check --list` shows all of them")
    return [check for check in checks if _selected(check, options)]


def _fits(check: Check, code: str) -> bool:
    return code in {"ALL", check.name} or check.code.startswith(code)


def _selected(check: Check, options: CheckOptions) -> bool:
    wanted = (options.select or ("ALL",)) + options.extend_select
    on = max((_weight(check, code) for code in wanted if _fits(check, code)), default=-1)
    off = max((_weight(check, code) for code in options.ignore if _fits(check, code)), default=-1)
    return on > off


def _weight(check: Check, code: str) -> int:
    return 0 if code == "ALL" else len(check.code) if code == check.name else len(code)


def counted(finding: CheckFinding, options: CheckOptions, ignored: Sequence[str] = ()) -> bool:
    """Whether a finding is severe enough and ignored neither for its site (`ignored`) nor for its file."""
    if RANK[finding.severity] < RANK[options.severity]:
        return False
    codes = [*ignored]
    for glob, own in options.per_file_ignores.items():
        if fnmatch.fnmatchcase(finding.path, glob):
            codes += own
    return not any(finding.code.startswith(code) or code in {finding.name, "ALL"} for code in codes)


def write_baseline(reports: Sequence[PageReport]) -> str:
    """Return a baseline: how often each finding stands on each page today, as JSON with sorted keys."""
    return (
        msgspec.json.format(msgspec.json.encode({"version": 1, "findings": _tally(reports)}), indent=2).decode() + "\n"
    )


def without_known(reports: Sequence[PageReport], baseline: Path) -> list[PageReport]:
    """Return the reports without the findings that the baseline has, each as often as it has it.

    Raises:
        DataFileError: the baseline cannot be read.
    """
    try:
        known = msgspec.json.decode(baseline.read_bytes(), type=_Baseline).findings
    except OSError as error:
        raise DataFileError(f"cannot be read ({error.strerror})", path=baseline) from error
    except msgspec.MsgspecError as error:
        raise DataFileError(
            f"is no baseline: {error}", path=baseline, mend="Write it anew with --write-baseline"
        ) from error
    return [_new(report, dict(known.get(report.path, {}))) for report in reports]


class _Baseline(msgspec.Struct, frozen=True):
    findings: dict[str, dict[str, int]]


def _tally(reports: Sequence[PageReport]) -> dict[str, dict[str, int]]:
    pages: dict[str, dict[str, int]] = {}
    for report in sorted(reports, key=lambda r: r.path):
        counts: dict[str, int] = {}
        for finding in report.findings:
            key = f"{finding.code}:{finding.fingerprint}"
            counts[key] = counts.get(key, 0) + 1
        if counts:
            pages[report.path] = dict(sorted(counts.items()))
    return pages


def _new(report: PageReport, left: dict[str, int]) -> PageReport:
    fresh = []
    for finding in report.findings:
        key = f"{finding.code}:{finding.fingerprint}"
        if left.get(key, 0) > 0:
            left[key] -= 1
        else:
            fresh.append(finding)
    return msgspec.structs.replace(report, findings=tuple(fresh))
