"""Which field of a row is what: the names people use, in order of precedence, and the map a user may give instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from diversity.errors import UsageError

PROMPT: Final = (
    "prompt",
    "query",
    "question",
    "instruction",
    "user",
    "human",
    "problem",
    "input",
    "inputs",
    "text",
    "src",
    "q",
    "context",
    "提示词",
    "提示",
    "指令",
    "问题",
    "提问",
    "用户",
    "输入",
)
ANSWER: Final = (
    "answer",
    "response",
    "output",
    "completion",
    "chosen",
    "target",
    "std_answer",
    "reply",
    "assistant",
    "bot",
    "gpt",
    "solution",
    "outputs",
    "targets",
    "tgt",
    "ground_truth",
    "reference",
    "a",
    "答案",
    "标准答案",
    "回答",
    "回复",
    "响应",
    "输出",
)
INPUT: Final = ("input", "inputs", "context", "输入")
SYSTEM: Final = ("system", "system_prompt", "meta_instruction", "系统提示", "系统提示词", "系统")
HISTORY: Final = ("history", "历史")
MESSAGES: Final = ("messages", "conversations", "conversation", "dialogue", "dialog", "chat", "turns", "data")
SURELY_MESSAGES: Final = MESSAGES[:3]
RECORD_ID: Final = (
    "record_id",
    "id",
    "uid",
    "uuid",
    "guid",
    "conversation_id",
    "sample_id",
    "example_id",
    "question_id",
    "qid",
    "prompt_id",
    "idx",
    "index",
    "编号",
)
TASK_PAIRS: Final = (
    ("task_type_1", "task_type_2"),
    ("task_type", "sub_task_type"),
    ("task_type", "task_subtype"),
    ("task_type", "subtask_type"),
    ("category", "subcategory"),
    ("category", "sub_category"),
    ("category_1", "category_2"),
    ("level_1", "level_2"),
    ("type", "subtype"),
    ("type", "sub_type"),
    ("class", "subclass"),
    ("class", "sub_class"),
    ("domain", "subdomain"),
    ("task", "subtask"),
    ("task", "sub_task"),
    ("一级任务类型", "二级任务类型"),
    ("一级类型", "二级类型"),
    ("一级分类", "二级分类"),
    ("一级类别", "二级类别"),
    ("大类", "小类"),
    ("任务类型一级", "任务类型二级"),
    ("一级任务", "二级任务"),
    ("一级标签", "二级标签"),
    ("任务类型", "任务子类型"),
    ("任务类型", "子任务类型"),
    ("任务大类", "任务小类"),
    ("类别", "子类别"),
    ("分类", "子分类"),
    ("task_type1", "task_type2"),
    ("task_type_l1", "task_type_l2"),
    ("category1", "category2"),
    ("category_l1", "category_l2"),
    ("primary_category", "secondary_category"),
    ("main_category", "sub_category"),
    ("level1", "level2"),
)
_NAMES_OF_TASK: Final = (
    "task_type",
    "tasktype",
    "task_types",
    "task",
    "category",
    "categories",
    "class",
    "type",
    "skill",
    "skills",
    "ability",
    "capability",
    "task_category",
    "cate",
    "domain",
    "scenario",
    "subject",
    "topic",
    "任务类型",
    "任务",
    "类型",
    "类别",
    "分类",
    "能力",
    "领域",
    "任务类别",
    "任务分类",
    "任务标签",
    "task_label",
    "task_name",
)
# A level that stands alone is the task type itself, the first one before the second.
TASK: Final = tuple(
    dict.fromkeys((*_NAMES_OF_TASK, *(pair[0] for pair in TASK_PAIRS), *(pair[1] for pair in TASK_PAIRS)))
)

CANONICAL: Final = (
    "prompt",
    "input",
    "answer",
    "system",
    "history",
    "messages",
    "task_type",
    "task_type_1",
    "task_type_2",
    "id",
)
_SYNONYMS: Final = {
    "instruction": "prompt",
    "query": "prompt",
    "question": "prompt",
    "response": "answer",
    "output": "answer",
    "completion": "answer",
    "conversations": "messages",
    "record_id": "id",
}


def folded(name: str) -> str:
    """A field name without the differences that carry no meaning: case, blanks around it, `-` or a blank for `_`."""
    return name.strip().lower().replace("-", "_").replace(" ", "_")


def canonical_map(field_map: Mapping[str, str] | None) -> dict[str, str]:
    """The user's map with canonical names on the left. Raises UsageError for a name that stands for nothing."""
    result: dict[str, str] = {}
    for name, source in (field_map or {}).items():
        known = _SYNONYMS.get(name, name)
        if known not in CANONICAL:
            raise UsageError(
                f"The field map names {name!r}, which stands for nothing here. Use {', '.join(CANONICAL)}.",
                "no_such_map_field",
                name=name,
                known=", ".join(CANONICAL),
            )
        if not source:
            raise UsageError(
                f"The field map gives {name!r} no field. Write {name}=FIELD.", "map_without_field", name=name
            )
        result[known] = source
    return result


def first_of(names: Iterable[str], present: Mapping[str, str]) -> str | None:
    """The row's own name of the first of `names` it has; `present` maps folded names to the row's own."""
    return next((present[name] for name in names if name in present), None)


def reach(row: Mapping[str, Any], path: str) -> Any:
    """The value under `path`.

    A field's own name first, then a dotted path through objects and lists (`meta.tags.0`). None when there is none.
    """
    if path in row:
        return row[path]
    value: Any = row
    for step in path.split("."):
        if isinstance(value, Mapping) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def has(row: Mapping[str, Any], path: str) -> bool:
    """Whether the row has the field, even if it is empty."""
    head, _, last = path.rpartition(".")
    if path in row:
        return True
    owner = reach(row, head) if head else None
    return (
        last in owner
        if isinstance(owner, Mapping)
        else isinstance(owner, list) and last.isdecimal() and int(last) < len(owner)
    )
