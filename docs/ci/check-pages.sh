#!/bin/sh
# Check the pages that the branch adds or changes; for any CI, a hook of git, or a terminal.
# usage: check-pages.sh [BASE] [PATH]...     BASE: branch or commit to compare with (origin/main), PATH: raw
# Exit status: that of `pipeline check`: 0 clean, 1 findings, 2 misuse. Reports are left in check-report/.
set -eu
base=${1:-origin/main}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- raw
exec "${PYTHON:-python3}" -m pipeline check --changed-since "$base" \
    --report markdown=check-report/summary.md --report json=check-report/findings.json -- "$@"
