"""The words of the packet; they are in `cards/packet.yaml`."""

from dataclasses import dataclass

from service.cards.packet_texts import PACKET
from service.cards.wording import Wording, shortened
from service.escaped_text import visible

LONGEST = 400  # characters of one value of the chart


def shown_whole(value: str) -> str:
    """A value of the chart as it can be seen; "…" marks what is too long."""
    return shortened(visible(value), LONGEST)


@dataclass(frozen=True, slots=True)
class PacketWords:
    """The texts of the letter, not escaped: each form of the letter sets them as text."""

    wording: Wording

    def say(self, name: str, /, **values: str) -> str:
        """One text, with values of the chart as they can be seen."""
        shown = {key: visible(value) for key, value in values.items()}
        return str(self.wording.say(PACKET, name, **shown))
