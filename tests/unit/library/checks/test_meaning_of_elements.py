"""Elements that can change what a resource says are read or ignored with a reason."""

from support.changed_documents import shipped

from service.errors import Mistake
from service.library.checks.meaning_of_elements import check_read_and_ignored, elements, used_paths
from service.library.documents.folders import Folder, read_shapes
from service.library.shapes import SourceShape


def sources() -> Folder[SourceShape]:
    mistakes: list[Mistake] = []
    return read_shapes(shipped(), "sources", SourceShape, "source", mistakes)


def test_shipped_sources_name_elements_that_there_are() -> None:
    assert [mistake.what for mistake in check_read_and_ignored(sources())] == []


def test_entry_for_an_element_that_r4_does_not_have_is_a_mistake() -> None:
    document, shape = sources().read["claims"]
    wrong = shape.model_copy(update={"ignored": {"$.nothing": "x"}})
    (mistake,) = check_read_and_ignored(Folder({"claims": (document, wrong)}))
    assert "nothing" in mistake.what


def test_element_is_done_if_it_is_read_ignored_or_used() -> None:
    bare = {element.path: element.done for element in elements("Condition", {}, {})}
    assert set(bare.values()) == {None}
    path = next(iter(bare))
    read = {one.path: one.done for one in elements("Condition", {path: "as it is"}, {})}
    ignored = {one.path: one.done for one in elements("Condition", {}, {path: "of no use"})}
    used = {one.path: one.done for one in elements("Condition", {}, {}, frozenset({path}))}
    assert (read[path], ignored[path], used[path]) == (
        "read: as it is",
        "ignored: of no use",
        "used",
    )


def test_paths_of_a_source_are_used_from_its_resource_and_from_each_line() -> None:
    _, shape = sources().read["claims"]
    assert "item.productOrService" in used_paths(shape)
    assert "patient" in used_paths(shape)
