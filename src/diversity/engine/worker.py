"""`python -m diversity.engine.worker`: features computed in a process of its own, asked and answered over its pipes."""

from __future__ import annotations

import importlib
import pickle
import sys

from diversity.engine.job import Job


def main() -> None:
    """Reads a pickled Job from standard input and writes the pickled answer; both ends are this package."""
    import faiss
    from threadpoolctl import threadpool_limits

    # Slow to import, and there is time for it until the job comes.
    for name in ("sklearn.cluster", "scipy.spatial", "scipy.sparse", "rensa", "rjieba"):
        importlib.import_module(name)
    asked = sys.stdin.buffer.read()
    if not asked:  # the run ended before there was anything to compute
        return
    job: Job = pickle.loads(asked)
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    faiss.omp_set_num_threads(1)
    with threadpool_limits(1):
        found = job.run()
    answers.write(pickle.dumps(found))
    answers.flush()


if __name__ == "__main__":
    main()
