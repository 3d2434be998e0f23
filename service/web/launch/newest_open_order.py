"""Which kept request a launch is about, where the EHR hands over no `appContext`.

The newest request of this patient and this user is found under a keyed hash: no name of a file tells
whom it is about.
"""

from dataclasses import dataclass
from hashlib import sha256
from hmac import new

from service.web.shared_memory import MemoryFiles


@dataclass(frozen=True, slots=True)
class OpenOrders:
    """The newest kept request by client, patient and user; `key` is a secret of the running server."""

    files: MemoryFiles
    key: bytes

    def note(self, client_id: str, patient_id: str, user: str, request_id: str) -> None:
        """Notes that the request of this id is the newest one of a user about a patient."""
        self.files.write(request_id.encode(), self._name(client_id, patient_id, user))

    def find(self, client_id: str, patient_id: str, user: str) -> str | None:
        """The id of the newest kept request; None if there is none, or no longer."""
        found = self.files.contents(self._name(client_id, patient_id, user))
        return None if found is None else found.decode()

    def _name(self, *parts: str) -> str:
        written = "\0".join(parts).encode()
        return new(self.key, written, sha256).hexdigest()[:32]
