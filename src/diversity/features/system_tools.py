"""Tools that a system declares, in the forms that chat data writes them in, and whether a text calls one.

JSON lists (OpenAI, Qwen, glaive), headings with a description (ChatGLM, Cline), signatures and `API: F(x)` (MOSS),
TypeScript types (OpenAI), a choice of actions (ReAct), tags and YAML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from diversity.text.patterns import compiled_later

_NAME = r"[A-Za-z_][\w.-]{1,59}"
_TOOL_WORDS = compiled_later(r"\b(?:tools?|functions?|APIs?|plugins?)\b|工具|函数|函數|插件|接口", re.IGNORECASE)
# "函数" and "function" alone are the subject of many a programming task, so for names that stand in plain text more
# must be said.
_OFFERED = compiled_later(
    r"\b(?:tools?|APIs?|plugins?)\b|\b(?:available|following|these) functions\b|\bfunctions? (?:available|below|you "
    r"(?:can|may))|\baccess to\b|工具|插件|接口|(?:可用|以下|下列|如下|这些)的?[^\s，。,.]{0,4}函[数數]|"
    r"调用[^\s，。,.]{0,4}函[数數]",
    re.IGNORECASE,
)
_ENTRY = compiled_later(r"\"(?:parameters|arguments|description|function)\"\s*:")
_IN_JSON = compiled_later(r"\"name\"\s*:\s*\"([\w.-]{2,60})\"")
_IN_TEXT = (
    # - Calculator: enabled. API: Calculate(expression)
    compiled_later(rf"(?:\bAPI|\b[Uu]sage|\b[Ss]ignature|接口|调用方式|用法)[ ]?[:：][ ]?`?({_NAME})[ ]?\("),
    # - get_weather(city: str) -> dict: the weather of a city
    compiled_later(
        rf"^[ \t]{{0,8}}(?:[-*•][ \t]+|\d{{1,3}}[.)、][ \t]*)?`?(?:async )?(?:def |function )?({_NAME})[ ]?"
        r"\([^()\n]{0,200}\)`?[ ]?(?:->[^:：\n]{0,40})?[ ]?`?(?:[:：–—]|-[ ]|;?$)",
        re.MULTILINE,
    ),
    # ## get_weather, and then what it does
    compiled_later(
        rf"^#{{1,4}}[ \t]{{1,4}}`?({_NAME})`?[ \t]{{0,4}}\n\s{{0,4}}(?=\{{|(?:Description|Parameters|描述|参数|功能)\b|"
        rf"[^\n]{{0,80}}(?<![\w.])\1(?![\w.]))",
        re.MULTILINE,
    ),
    compiled_later(rf"^[ \t]{{0,8}}type ({_NAME}) = \(", re.MULTILINE),
    compiled_later(rf"<(?:tool|function)\s{{1,4}}name\s{{0,2}}=\s{{0,2}}[\"']({_NAME})|<tool_name>\s{{0,4}}({_NAME})"),
    compiled_later(
        rf"^[ \t]{{0,8}}(?:-[ ])?name:[ ]({_NAME})[ \t]{{0,4}}\n[ \t]{{0,12}}(?:description|parameters|arguments):",
        re.MULTILINE,
    ),
)
# The action to take, should be one of [search, calculator]
_CHOICE = compiled_later(
    r"\bone of:?[ ]\[([\w, .、-]{2,400})\]|\[([\w, .、-]{2,400})\][ ]?(?:之一|中的?[^\s，。]{0,2}一[个種种])"
)
_OFF = compiled_later(r"\bdisabled\b|\bunavailable\b|禁用|停用|不可用|未启用|已关闭", re.IGNORECASE)
# A system with more prose than this beside its tools says more than which tools there are.
_PROSE = 600


def declared_tools(system: str) -> tuple[str, ...]:
    """Names of the tools that a system lets the assistant call, each once; () where it declares none."""
    if not _TOOL_WORDS.search(system):
        return ()
    found = _IN_JSON.findall(system) if _ENTRY.search(system) else []
    if _OFFERED.search(system):
        text = "\n".join(line for line in system.splitlines() if not _OFF.search(line))
        for pattern in _IN_TEXT:
            found += [next(group for group in hit.groups() if group) for hit in pattern.finditer(text)]
        for hit in _CHOICE.finditer(text):
            found += [name for name in re.split(r"[, 、]+", hit[1] or hit[2]) if len(name) > 1]
    return tuple(dict.fromkeys(found))


def only_tools(system: str) -> bool:
    """Whether a system that declares tools in JSON says hardly anything else."""
    return bool(_ENTRY.search(system)) and len(_without_objects(system).strip()) <= _PROSE


def _without_objects(text: str) -> str:
    """The text outside of braces."""
    kept, depth = [], 0
    for piece in re.split(r"([{}])", text):
        if piece == "{":
            depth += 1
        elif piece == "}":
            depth = max(depth - 1, 0)
        elif not depth:
            kept.append(piece)
    return "".join(kept)


def called_tools(tools: Sequence[str], calls: Iterable[str], said: Sequence[str], answers: Sequence[str]) -> list[str]:
    """Which of the tools a record calls: in its messages to tools (`calls`), or in an answer in the shape of a call
    where the user did not name the tool."""
    made, asked, told = "\n".join(calls), "\n".join(said), "\n".join(answers)
    if not made and not any(name in told for name in tools):
        return []
    return [name for name in tools if _calls(name, made) or (name not in asked and _calls(name, told))]


def _calls(name: str, text: str) -> bool:
    """Whether a text has the name as a call does: `F(`, `"name": "F"`, `Action: F`, `<F>`, or alone before its
    arguments."""
    if name not in text:
        return False
    plain = re.escape(name)
    shapes = (
        rf"(?<![\w.]){plain}[ ]?\(",
        rf"\b(?i:name|tool|action|function|tool_name|api|recipient)[\"']?[ ]?[:=：][ ]?[\"'`]?{plain}(?![\w.])",
        rf"<{plain}>",
        rf"^{plain}[ ]?\n?[ ]?\{{",
    )
    return re.search("|".join(shapes), text, re.MULTILINE) is not None
