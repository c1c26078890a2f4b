"""Raw rows of any shape → records.

Alpaca, sharegpt, messages, MOSS, Self-Instruct seeds, prompt and answer under many names.
"""

from diversity.normalize.chat import TurnTools, tools_in
from diversity.normalize.draft import Draft
from diversity.normalize.failure import Failure
from diversity.normalize.fields import CANONICAL
from diversity.normalize.rows import Normalizer
from diversity.normalize.task_types import levels_of

__all__ = ["CANONICAL", "Draft", "Failure", "Normalizer", "TurnTools", "levels_of", "tools_in"]
