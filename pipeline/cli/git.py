"""What a folder held at a revision of git."""

import io
import subprocess
import tarfile
from pathlib import Path

from pipeline.errors import UsageError


def folder_at(revision: str, folder: Path, to: Path) -> Path:
    """Write a folder as it was at a revision to another place and return that.

    Raises:
        UsageError: the folder is in no repository, or git knows no such revision of it.
    """
    if revision.startswith("-"):
        raise UsageError(f"{revision} is no revision")
    to.mkdir(parents=True)
    command = ["git", "-C", str(folder), "archive", "--format=tar", revision, "--", "."]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except OSError as error:
        raise UsageError(f"git cannot be run ({error.strerror})") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise UsageError(f"git has no {revision} of it: {said[0] if said else 'no reason given'}", path=folder)
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        for member in archive:
            stream = archive.extractfile(member)
            if stream is not None:  # a file; folders and links are not needed
                path = to / member.name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(stream.read())
    return to
