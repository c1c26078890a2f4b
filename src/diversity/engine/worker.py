"""`python -m diversity.engine.worker`: features computed in a process of its own, asked and answered over its pipes."""

from __future__ import annotations

import pickle
import sys

from diversity.engine.job import Job


def main() -> None:
    """Reads a pickled Job from standard input and writes the pickled answer; both ends are this package."""
    import faiss
    from threadpoolctl import threadpool_limits

    job: Job = pickle.loads(sys.stdin.buffer.read())
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    faiss.omp_set_num_threads(1)
    with threadpool_limits(1):
        found = job.run()
    answers.write(pickle.dumps(found))
    answers.flush()


if __name__ == "__main__":
    main()
