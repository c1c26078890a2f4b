"""Features and metrics computed in a process of its own (see `spare`), asked and answered over its pipes until they
are closed."""

from __future__ import annotations

import pickle
import sys
from contextlib import suppress

from diversity.engine.job import Job, Preparation, compute_all
from diversity.features.inputs import Inputs


def main() -> None:
    """Answers each pickled Job on standard input with what it asks for, pickled, and a Preparation with nothing; both
    ends are this package."""
    import faiss
    from threadpoolctl import threadpool_limits

    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    faiss.omp_set_num_threads(1)
    inputs: Inputs | None = None
    with threadpool_limits(1):
        while True:
            try:
                job: Job | Preparation = pickle.load(sys.stdin.buffer)
            except EOFError:
                return
            if isinstance(job, Preparation):
                with suppress(Exception):  # whoever needs what was not prepared hears why
                    job.do()
                continue
            # One run asks: what was shared by an earlier job is at hand for the next.
            inputs = inputs or job.inputs()
            for name, value in job.known.items():
                inputs.adopt(name, value)
            pickle.dump(compute_all(inputs, job.names), answers)
            answers.flush()
