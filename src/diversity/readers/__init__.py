"""Files → raw rows, streamed. What cannot be read comes out as a `Problem`, never silently lost."""

from diversity.readers.base import BESIDE, DAMAGES, REASONS, Item, Problem, Reason, Row, shown
from diversity.readers.files import InputData
from diversity.readers.folders import files_of

__all__ = ["BESIDE", "DAMAGES", "REASONS", "InputData", "Item", "Problem", "Reason", "Row", "files_of", "shown"]
