"""Errors of the service: what they carry and how mistakes are written."""

from service.errors import CdsError, DocumentsError, Mistake, RequestError


def test_mistake_is_written_with_file_and_line() -> None:
    assert str(Mistake("mappings/x.yaml", 7, "no fact 'y'")) == "mappings/x.yaml:7: no fact 'y'"


def test_mistakes_of_documents_are_told_in_the_order_of_files_and_lines() -> None:
    second, first = Mistake("b.yaml", 1, "x"), Mistake("a.yaml", 20, "y")
    error = DocumentsError([second, first, Mistake("a.yaml", 3, "z")])
    assert str(error) == "a.yaml:3: z\na.yaml:20: y\nb.yaml:1: x"
    assert isinstance(error, CdsError)


def test_refused_request_carries_status_code_and_headers() -> None:
    error = RequestError(413, "too-costly", "too large", {"Retry-After": "1"})
    assert (error.status, error.code, error.diagnostics) == (413, "too-costly", "too large")
    assert error.headers == {"Retry-After": "1"}
    assert RequestError(400, "value", "x").headers == {}
