"""The words of the page of an order; they are in `cards/story.yaml`."""

from dataclasses import dataclass
from datetime import date

from service.cards.story_texts import STORY
from service.cards.wording import Wording, plain
from service.policy.finding import Remark


@dataclass(frozen=True, slots=True)
class StoryWords:
    """The texts of the page, plain: the page escapes them."""

    wording: Wording

    def say(self, name: str, **values: str) -> str:
        """One text of the page."""
        return plain(self.wording.say(STORY, name, **values))

    def __getitem__(self, name: str) -> str:
        """A text without values, for templates: `words["timeline"]`."""
        return self.say(name)

    def reason(self, reason: str) -> str:
        """Why a criterion is unknown."""
        return self.say(f"reason_{reason}")

    def text(self, content: str | Remark | None) -> str:
        """A remark in words."""
        return self.wording.text(content)

    def day(self, day: date) -> str:
        """A day as cards write it."""
        return day.isoformat()
