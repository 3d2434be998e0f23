"""What is refused is told in all processes of a server, until it is accepted."""

import os

from service.web.reload_status import MOST_CHARACTERS, MOST_REASONS, ChangeStatus


def test_nothing_is_told_unless_something_is_refused() -> None:
    status = ChangeStatus()
    assert status.as_json() == {}
    status.refuse("contentRefused", ["a.yaml:3: wrong"])
    status.refuse("candidateRefused", ["b.yaml:4: wrong"])
    status.accept("contentRefused")
    (told,) = status.as_json().values()
    assert (told["mistakes"], told["reasons"]) == (1, ["b.yaml:4: wrong"])
    status.accept("candidateRefused")
    assert status.as_json() == {}


def test_of_many_long_reasons_the_first_are_told() -> None:
    status = ChangeStatus()
    status.refuse("contentRefused", ["ö" * 5000] * 500)
    told = status.as_json()["contentRefused"]
    assert told["mistakes"] == 500
    assert told["reasons"] == ["ö" * MOST_CHARACTERS] * MOST_REASONS


def test_another_process_sees_what_is_written_after_its_fork() -> None:
    status = ChangeStatus()
    begin, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(write)
        os.read(begin, 1)
        os._exit(7 if status.as_json() else 0)
    os.close(begin)
    status.refuse("contentRefused", ["a.yaml:3: wrong"])
    os.close(write)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
