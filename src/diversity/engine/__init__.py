"""How heavy features are computed: here, or beside each other in processes of their own. The features do not know."""

from diversity.engine.base import Engine
from diversity.engine.local import Inline, LocalProcesses, choose_engine

__all__ = ["Engine", "Inline", "LocalProcesses", "choose_engine"]
