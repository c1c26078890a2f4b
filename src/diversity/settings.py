"""One frozen, typed settings object.

Sources, weakest first: defaults, `diversity.toml`, the environment, the caller.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

from pydantic import Field, ValidationError, field_validator

from diversity.errors import UsageError
from diversity.features.key_info import KeyInfoSettings
from diversity.features.length_request.base import LengthRequestSettings
from diversity.features.narrow_views import ShortcutSettings
from diversity.features.system_effect import SystemEffectSettings
from diversity.features.topic_switch import TopicSwitchSettings
from diversity.features.type_model import SuggestionSettings
from diversity.features.wording import WordingSettings
from diversity.neighbors import DuplicateSettings
from diversity.report import Frozen

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

SETTINGS_FILE = "diversity.toml"
ENVIRONMENT_PREFIX = "DIVERSITY_"

# What a random number generator takes.
SEEDS = 2**32


class Threshold(Frozen):
    """Overrides of one check's defaults; what is None keeps the default."""

    pass_at: float | None = None
    warn_at: float | None = None


class LengthSettings(Frozen):
    """Prompt and answer lengths, in tokens."""

    long_prompt: int = Field(
        default=512,
        ge=1,
        description="Half of the ordinary 1,024-token packing window: from here on position in the prompt matters.",
    )
    position_from: int = Field(
        default=128,
        ge=1,
        description="About a paragraph: in shorter prompts every place is near both ends, so position is not judged.",
    )
    long_answer: int = Field(
        default=512,
        ge=1,
        description="About 700 Chinese characters or 400 English words: an answer that fills a screen.",
    )


class TaskTypeSettings(Frozen):
    """How much of a task type is too little."""

    minimum_records: int = Field(
        default=10, description="Below ten records a type's share and its evaluation are noise."
    )


class MapSettings(Frozen):
    """The semantic map."""

    sample: int = Field(
        default=5_000,
        ge=50,
        description="Points fitted by UMAP; further ones are placed among their nearest fitted neighbours.",
    )
    neighbors: int = Field(
        default=15, ge=2, description="UMAP's own default; fewer tear clusters apart, more hide small ones."
    )
    minimum_points: int = Field(
        default=15, ge=15, description="Below this many texts a projection shows nothing that a list would not."
    )


class SetDiversitySettings(Frozen):
    """The sample behind the figures on the whole set (see `features.set_sample`)."""

    sample: int = Field(
        default=2000,
        ge=40,
        description="Records drawn: two groups of the largest size, 1,000. Time and memory grow with its square.",
    )
    most: int = Field(
        default=100_000,
        ge=1,
        description="Records of the Vendi score of the whole set; from here on another record changes it by nothing.",
    )
    seed: int = Field(
        default=7,
        ge=0,
        lt=SEEDS,
        description="Of the cuts into groups; not the general seed, so that versions are cut alike.",
    )


class Settings(Frozen):
    """Everything a figure depends on besides the data."""

    embedder: str = Field(default="default", description="`default`, `none`, a Hugging Face name or a local folder.")
    embedder_prefix: str = Field(default="", description="Put before every text, as e5 models want it (`query: `).")
    device: str | None = Field(default=None, description="torch device of the embedder; None lets torch choose.")
    tokenizer: str = Field(
        default="qwen3", description="`qwen3`, `o200k`, `cl100k`, `llama3` or the path of a tokenizer.json."
    )
    seed: int = Field(default=7, ge=0, lt=SEEDS)
    duplicates: DuplicateSettings = DuplicateSettings()
    key_info: KeyInfoSettings = KeyInfoSettings()
    lengths: LengthSettings = LengthSettings()
    wording: WordingSettings = WordingSettings()
    length_requests: LengthRequestSettings = LengthRequestSettings()
    task_types: TaskTypeSettings = TaskTypeSettings()
    taxonomy: str = Field(
        default="instructgpt",
        description="What the set is held against: `instructgpt`, `nlp_tasks`, `assistant_zh` or the path of a YAML "
        "file. The first is the default because its nine use cases are few and broad: whatever a general assistant is "
        "trained for, each belongs to it.",
    )
    suggestions: SuggestionSettings = SuggestionSettings()
    semantic_map: MapSettings = MapSettings()
    topic_switch: TopicSwitchSettings = TopicSwitchSettings()
    system_effect: SystemEffectSettings = SystemEffectSettings()
    shortcuts: ShortcutSettings = ShortcutSettings()
    set_diversity: SetDiversitySettings = SetDiversitySettings()
    checks: dict[str, Threshold] = Field(
        default_factory=dict, description="Thresholds that replace a check's defaults, by check."
    )
    skip_checks: tuple[str, ...] = Field(default=(), description="Checks not to be held against this data set.")
    skip_metrics: tuple[str, ...] = Field(default=(), description="Metrics not to be measured, to save time.")

    @field_validator("skip_checks", "skip_metrics", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        """The environment and the command line give one text: names with commas between."""
        return tuple(filter(None, (name.strip() for name in value.split(",")))) if isinstance(value, str) else value


def load_settings(overrides: Mapping[str, Any] | None = None, folder: Path | None = None) -> Settings:
    """Settings from `folder`/diversity.toml, then DIVERSITY_* variables, then `overrides` (dotted keys or nested).

    An environment variable names a field, with `__` between levels: `DIVERSITY_DUPLICATES__NEAR_THRESHOLD=0.7`.

    Raises:
        UsageError: a file that is not TOML, a field that does not exist, or a value of the wrong type.
    """
    merged: dict[str, Any] = {}
    _merge(merged, _from_file((folder or Path.cwd()) / SETTINGS_FILE))
    _merge(merged, _from_environment())
    _merge(merged, _nested(overrides or {}))
    try:
        return Settings.model_validate(merged)
    except ValidationError as error:
        raise _misused(error.errors()[0]) from error


def _misused(first: ErrorDetails) -> UsageError:
    """The error for a setting that does not exist, with the one that was perhaps meant, or that takes no such value."""
    name, said = ".".join(map(str, first["loc"])), first["msg"]
    if first["type"] not in ("extra_forbidden", "unexpected_keyword_argument"):
        return UsageError(f"Setting {name}: {said}. See the settings in the README.", "setting", name=name, said=said)
    from difflib import get_close_matches  # slow to import

    near = get_close_matches(name, _names(Settings), 1)
    if near:
        return UsageError(
            f"There is no setting {name}; did you mean {near[0]}?", "no_setting_near", name=name, near=near[0]
        )
    return UsageError(f"There is no setting {name}. See the settings in the README.", "no_setting", name=name)


def _names(group: Any) -> list[str]:
    """Dotted names of all settings of a model or of a dataclass."""
    found = []
    hints = get_type_hints(group)
    for name in group.model_fields if hasattr(group, "model_fields") else group.__dataclass_fields__:
        inner = hints[name]
        levels = _names(inner) if is_dataclass(inner) or hasattr(inner, "model_fields") else []
        found += [f"{name}.{level}" for level in levels] or [name]
    return found


def _from_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not valid TOML: {error}", "bad_toml", path=str(path), said=str(error)) from error


def _from_environment() -> dict[str, Any]:
    """Settings in `DIVERSITY_…` variables. The levels of a name are parted by two underscores, or by one where that
    can mean one setting only; what names no setting is somebody else's."""
    plain = {name.replace(".", "_"): name for name in _names(Settings)}
    found: dict[str, Any] = {}
    for name, value in os.environ.items():
        if name.startswith(ENVIRONMENT_PREFIX):
            key = name.removeprefix(ENVIRONMENT_PREFIX).lower()
            dotted = plain.get(key, key.replace("__", "."))
            if dotted.split(".")[0] in Settings.model_fields:
                found[dotted] = value
    return _nested(found)


def _nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Dotted keys as nested dictionaries."""
    result: dict[str, Any] = {}
    for key, value in flat.items():
        one: Any = value
        for name in reversed(key.split(".")):
            one = {name: one}
        _merge(result, one)
    return result


def _merge(into: dict[str, Any], other: Mapping[str, Any]) -> None:
    """Puts `other` over `into`, level by level; what is taken over is copied, so that nobody's mapping is changed."""
    for key, value in other.items():
        if isinstance(value, Mapping):
            level = into.get(key)
            into[key] = level if isinstance(level, dict) else {}
            _merge(into[key], value)
        else:
            into[key] = value
