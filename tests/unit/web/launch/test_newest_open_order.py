"""The newest request of a user about a patient, under names that tell nobody whom it is about."""

from pathlib import Path

from service.web.launch.newest_open_order import OpenOrders
from service.web.shared_memory import MemoryFiles


def test_newest_is_found_by_its_user_and_patient_alone(tmp_path: Path) -> None:
    orders = OpenOrders(MemoryFiles(tmp_path / "n"), b"key")
    orders.note("local", "p001", "Practitioner/1", "first")
    orders.note("local", "p001", "Practitioner/1", "second")
    assert orders.find("local", "p001", "Practitioner/1") == "second"
    assert orders.find("local", "p001", "Practitioner/2") is None
    assert orders.find("other", "p001", "Practitioner/1") is None
    assert OpenOrders(orders.files, b"other").find("local", "p001", "Practitioner/1") is None
    assert not any("p001" in one.name for one in (tmp_path / "n").iterdir())
