"""Tools in the forms that chat data declares them in, what is no declaration, and what is a call."""

from __future__ import annotations

import pytest

from diversity.features.system_tools import called_tools, declared_tools, only_tools

JSON = (
    "You have access to the following functions. Use them if required -\n"
    '{"name": "get_tide", "description": "Tide", "parameters": {"type": "object", "properties": {}}}'
)
OPENAI = (
    "# Tools\n<tools>\n"
    '{"type": "function", "function": {"name": "find_ferry", "description": "Ferries", "parameters": {}}}\n</tools>'
)
SWITCHES = "Tools that Tern can use.\n- Harbour map: enabled. API: Chart(place)\n- Radio: disabled. API: Call(ship)\n"
ZH_SWITCHES = "你可以使用的插件：\n- 潮汐表：已启用。接口：Tide(港口, 日期)\n- 电台：已禁用。接口：Radio(船名)"
SIGNATURES = "以下工具可用：\n1. find_ferry(from_port, to_port)：查船班\n2. get_tide(port: str) -> float: 查潮位"
HEADINGS = '你可以使用以下工具：\n\n## get_tide\n\n{"port": "港口"}\n\n### find_ferry\n\nfind_ferry: 查询船班'
ACTIONS = (
    "Answer with these tools.\nAction: the action to take, should be one of [find_ferry, get_tide]\nAction Input: text"
)
TYPES = "# Tools\nnamespace functions {\n// Tide of a port\ntype get_tide = (_: {\nport: string,\n}) => any;\n}"
TAGS = 'Tools: <tool name="get_tide">the tide</tool>'
YAML = "tools:\n  - name: get_tide\n    description: the tide of a port"


@pytest.mark.parametrize(
    ("system", "names"),
    [
        (JSON, ("get_tide",)),
        (OPENAI, ("find_ferry",)),
        (SWITCHES, ("Chart",)),
        (ZH_SWITCHES, ("Tide",)),
        (SIGNATURES, ("find_ferry", "get_tide")),
        (HEADINGS, ("get_tide", "find_ferry")),
        (ACTIONS, ("find_ferry", "get_tide")),
        (TYPES, ("get_tide",)),
        (TAGS, ("get_tide",)),
        (YAML, ("get_tide",)),
    ],
    ids=["json", "openai", "switches", "switches zh", "signatures", "headings", "actions", "types", "tags", "yaml"],
)
def test_declared_tools(system: str, names: tuple[str, ...]) -> None:
    assert declared_tools(system) == names


@pytest.mark.parametrize(
    "system",
    [
        "You are a weather bot. Never mention tools.",
        "- Radio: disabled.\n- Harbour map: disabled. API: Chart(place)",
        "请补全这个函数：\ndef tide(port):\n    return 0",
        "Complete the function.\nadd(a, b): the sum",
        "# Role\n## Skills\n- sailing (all boats): good\n## Goal\nhelp",
        '{"name": "Ann", "description": "a keeper of lighthouses"}',
        "工具书很有用（比如词典）：多查。",
    ],
)
def test_what_declares_no_tool(system: str) -> None:
    assert declared_tools(system) == ()


def test_a_system_may_say_more_than_which_tools_there_are() -> None:
    assert only_tools(JSON)
    assert only_tools(OPENAI)
    assert not only_tools(JSON + "\n" + "Always speak like a pirate and mention the harbour. " * 20)
    assert not only_tools(SWITCHES)


@pytest.mark.parametrize(
    "call",
    [
        'get_tide("Brava")',
        '{"name": "get_tide", "arguments": {}}',
        '[{"type":"function","function":{"name":"get_tide","arguments":"{}"}}]',
        "Action: get_tide\nAction Input: Brava",
        'get_tide\n{"port": "Brava"}',
        "<get_tide>\n<port>Brava</port>\n</get_tide>",
    ],
)
def test_calls_in_messages_to_tools_and_in_answers(call: str) -> None:
    tools = ["get_tide", "find_ferry"]
    assert called_tools(tools, [call], ["How high is the water?"], ["Two metres."]) == ["get_tide"]
    assert called_tools(tools, [], ["How high is the water?"], [call]) == ["get_tide"]
    # The user's own words in an answer are no call; a message to a tool is one whatever the user said.
    assert called_tools(tools, [], ["What does get_tide do?"], [call]) == []
    assert called_tools(tools, [call], ["Use get_tide"], ["Two metres."]) == ["get_tide"]


@pytest.mark.parametrize("answer", ["Search for it.", "get_tide tells the tide.", "forget_tide(1)", "sea.get_tide(1)"])
def test_a_tool_s_name_alone_is_no_call(answer: str) -> None:
    assert called_tools(["Search", "get_tide"], [], ["hm"], [answer]) == []
    assert called_tools(["Search", "get_tide"], [], ["hm"], []) == []
