"""Two stored reports against each other: which records changed, which figures moved, and which way is good."""

from diversity.comparison.versions import Comparison, compare

__all__ = ["Comparison", "compare"]
