"""Requests for a length in prompts and system prompts, and whether the answer keeps them."""

from diversity.features.length_request.answer import Outcome, judge, measure
from diversity.features.length_request.base import (
    DEFAULT_LENGTH_REQUEST,
    RELATIONS,
    UNITS,
    LengthRequest,
    LengthRequestSettings,
)
from diversity.features.length_request.parse import parse_requests

__all__ = [
    "DEFAULT_LENGTH_REQUEST",
    "RELATIONS",
    "UNITS",
    "LengthRequest",
    "LengthRequestSettings",
    "Outcome",
    "judge",
    "measure",
    "parse_requests",
]
