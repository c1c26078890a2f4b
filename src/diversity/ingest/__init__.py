"""The way in: files or rows → one version's records on disk."""

from diversity.ingest.preview import Preview, input_names, preview
from diversity.ingest.run import SET_ASIDE_FILE, Source, ingest
from diversity.ingest.stored import records_from

__all__ = ["SET_ASIDE_FILE", "Preview", "Source", "ingest", "input_names", "preview", "records_from"]
