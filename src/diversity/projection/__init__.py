"""The semantic map: where texts lie, which clusters they form and what those are about."""

from diversity.projection.layout import Layout, lay_out

__all__ = ["Layout", "lay_out"]
