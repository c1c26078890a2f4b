from __future__ import annotations

import pytest
from helpers import MakeInputs, rows_of

from diversity.engine.job import Preparation, compute_all
from diversity.errors import Cancelled
from diversity.features.inputs import Inputs
from diversity.text.tokenizer import open_tokenizer


@pytest.fixture
def inputs(make_inputs: MakeInputs) -> Inputs:
    return make_inputs(rows_of(["问题一", "问题二"], ["答案一", "答案二"]))


def test_what_fails_is_left_out_and_the_rest_computed(inputs: Inputs, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ValueError("broken")

    monkeypatch.setattr(inputs, "_counted_tokens", broken)
    assert set(compute_all(inputs, ["tokens", "languages"])) == {"languages"}


def test_who_stops_the_run_is_heard(inputs: Inputs) -> None:
    def stop(stage: str, done: int, total: int | None) -> None:
        raise Cancelled("stopped")

    inputs.progress = stop
    with pytest.raises(Cancelled):
        compute_all(inputs, ["key_info"])


def test_a_preparation_loads_the_tokenizer_and_survives_an_unknown_one() -> None:
    open_tokenizer.cache_clear()
    Preparation("nowhere/tokenizer.json").do()
    assert open_tokenizer.cache_info().currsize == 0
    Preparation("qwen3").do()
    assert open_tokenizer.cache_info().currsize == 1


def test_a_preparation_compiles_the_maps_only_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[int] = []
    monkeypatch.setattr("diversity.engine.job.compile_code", lambda: compiled.append(1))
    Preparation().do()
    assert not compiled
    Preparation(maps=True).do()
    assert compiled == [1]
