"""Which pages a branch adds or changes, asked of git."""

import subprocess
from pathlib import Path

from pipeline.errors import UsageError


def changed_since(reference: str, folder: Path) -> list[Path]:
    """Return the files below a folder that were added, changed or renamed since a commit, by name.

    Uncommitted and untracked files count. The commit where the branches parted is what is compared
    with, so that what others merged meanwhile is not checked.

    Raises:
        UsageError: not a git checkout, no git, or a commit that git does not know.
    """
    base = _git(folder, "merge-base", "--end-of-options", reference, "HEAD").strip() or reference
    changed = _git(folder, "diff", "--name-only", "--diff-filter=d", "-z", base, "--", ".")
    untracked = _git(folder, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    top = Path(_git(folder, "rev-parse", "--show-toplevel").rstrip("\n"))
    names = {top / name for name in changed.split("\0") if name}
    names |= {folder.resolve() / name for name in untracked.split("\0") if name}
    return sorted(path for path in names if path.is_file())


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, check=True, stdin=subprocess.DEVNULL
        )
    except FileNotFoundError as error:
        raise UsageError("git is not installed", mend="Name the pages instead of --changed-since") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip().partition("\n")[0].removeprefix("fatal: ")
        raise UsageError(f"git cannot tell what changed: {said}", mend="In CI, fetch the whole history") from error
    return done.stdout.decode("utf-8", "surrogateescape")
