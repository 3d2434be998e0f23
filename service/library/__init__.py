"""All documents, read strictly at start."""

from service.library.library import Library
from service.library.load import load_library

__all__ = ["Library", "load_library"]
