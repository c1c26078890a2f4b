from __future__ import annotations

import pyarrow as pa

from diversity.features.preamble import shared_openings

TOOLS = [f"{name}: enabled\nInput should be a {name}.\n{name}(query)\n" for name in ("news", "weather", "wiki")]
QUESTION = "Tell me about number {n} and nothing else."


def openings(prompts: list[str], answers: list[str]) -> list[int]:
    return shared_openings(pa.chunked_array([prompts]), pa.chunked_array([answers])).tolist()


def test_lines_that_many_prompts_begin_with() -> None:
    shared = ["tools: on\n" + TOOLS[n % 3] + TOOLS[(n + 1) % 3] for n in range(60)]
    prompts = [text + QUESTION.format(n=n) for n, text in enumerate(shared)]
    assert openings(prompts, [f"wiki('{n}')" for n in range(60)]) == [len(text) for text in shared]


def test_a_rare_line_does_not_end_it() -> None:
    shared = [f"tools: on\naccess: {n}\n{TOOLS[0]}" for n in range(40)]
    prompts = [text + QUESTION.format(n=n) for n, text in enumerate(shared)]
    assert openings(prompts, ["ok"] * 40) == [len(text) for text in shared]


def test_what_few_prompts_share_or_one_prompt_repeats_is_none() -> None:
    few = [TOOLS[0] + QUESTION.format(n=n) for n in range(19)]
    assert not any(openings(few, ["ok"] * 19))
    assert not any(openings([few[0]] * 100, ["ok"] * 100))


def test_the_request_of_a_template_is_none() -> None:
    prompts = [f"Summarize the text.\n\nText {n} tells of {n} ships." for n in range(60)]
    assert not any(openings(prompts, ["ok"] * 60))


def test_a_document_with_many_questions_is_none() -> None:
    document = "".join(f"House {n} is painted in shade {n}-{n * 7}.\n" for n in range(30))
    prompts = [document + f"What is the shade of house {n}?" for n in range(30)]
    assert not any(openings(prompts, [f"shade {n}-{n * 7}" for n in range(30)]))
    assert all(openings(prompts, ["positive", "negative"] * 15))


def test_a_prompt_that_is_nothing_else_keeps_its_words() -> None:
    prompts = [TOOLS[0] + QUESTION.format(n=n) for n in range(40)] + [TOOLS[0].rstrip()]
    assert openings(prompts, ["ok"] * 41)[-1] == 0
    assert openings([], []) == []
