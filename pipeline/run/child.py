"""`python -m pipeline.run.child DESCRIPTOR`: a worker at the other end of the supervisor's pipe."""

import sys
from contextlib import suppress
from multiprocessing.connection import Connection

from pipeline.run.worker import serve

if __name__ == "__main__":
    with suppress(BrokenPipeError, ConnectionResetError, EOFError):  # the supervisor is gone
        serve(Connection(int(sys.argv[1])))
