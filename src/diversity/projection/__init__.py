"""The semantic map: where texts lie, which clusters they form and what those are about."""

from diversity.projection.known import KnownMaps
from diversity.projection.layout import Layout, compile_code, lay_out

__all__ = ["KnownMaps", "Layout", "compile_code", "lay_out"]
