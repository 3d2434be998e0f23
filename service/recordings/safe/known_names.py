"""Names by which the service reads a text, as the documents write them: what is kept of other texts."""

from collections.abc import Iterable

from service.fhir.terminology.names_in_text import Phrase, Phrases, split
from service.library import Library
from service.memo import cached_property
from service.recordings.safe.known_texts import KnownTexts
from service.recordings.safe.plain_texts import ALSO_NAMES, SURNAMES, plain_text

SHORTEST_NAME = 4  # letters; shorter ones are units, and parts of names of people


class NamesKept:
    """The names of one library."""

    def __init__(self, library: Library, texts: KnownTexts) -> None:
        self._library, self._texts = library, texts

    def payer_words_in(self, written: str) -> tuple[str, ...]:
        """The words of payers' names that a text holds, by which it may be the name of one of them."""
        letters = "".join(split(written))
        payers = self._library.payers.values()
        return tuple(
            word
            for word in self._words_of_payers
            if word in letters and any(payer.may_be(word) for payer in payers)
        )

    @cached_property
    def _words_of_payers(self) -> tuple[str, ...]:
        payers = self._library.payers.values()
        names = [
            *(name for payer in payers for name in (payer.name, *payer.names)),
            *(name for payer in payers for one in payer.elsewhere for name in one.names),
        ]
        return tuple(dict.fromkeys(word for name in names for word in split(name)))

    def names_in(self, written: str) -> tuple[str, ...]:
        """The names of the documents that a longer text holds as whole words, in their order."""
        return _held(split(written), self._phrases)

    @cached_property
    def _phrases(self) -> Phrases:
        return _by_first_word(tuple(split(text)) for text in self._texts.all_texts)

    def drugs_in(self, written: str) -> tuple[str, ...]:
        """The names of drugs that a longer text holds as whole words, where a drug is named."""
        return _held(split(written), self._drugs)

    @cached_property
    def _drugs(self) -> Phrases:
        terminology = self._library.terminology
        tables: list[Phrases] = [
            {word: tuple(one for one, _ in names) for word, names in terminology.words.items()}
        ]
        if terminology.lists is not None:
            tables += [terminology.lists.names.others, terminology.lists.names.ours]
        return _by_first_word(one for table in tables for each in table.values() for one in each)

    def part_of(self, written: str) -> str | None:
        """The name of a plan that a payer leaves to others, if the text holds one: it decides."""
        plain = plain_text(written)
        programs = (
            program for payer in self._library.payers.values() for program in payer.elsewhere
        )
        names = (name for program in programs for name in program.names)
        return max((name for name in names if plain_text(name) in plain), key=len, default=None)


def _by_first_word(phrases: Iterable[Phrase]) -> Phrases:
    """Names by their first words, the longest first, without those that may be names of people."""
    by_word: dict[str, set[Phrase]] = {}
    for phrase in phrases:
        name = " ".join(phrase)
        if len(name) >= SHORTEST_NAME and name not in ALSO_NAMES | SURNAMES:
            by_word.setdefault(phrase[0], set()).add(phrase)
    return {
        word: tuple(sorted(several, key=lambda one: (-len(one), one)))
        for word, several in by_word.items()
    }


def _held(words: list[str], names: Phrases) -> tuple[str, ...]:
    """The names that some words hold, each once."""
    found, at = [], 0
    while at < len(words):
        beginning = names.get(words[at], ())
        held = next((one for one in beginning if tuple(words[at : at + len(one)]) == one), None)
        if held:
            found.append(" ".join(held))
        at += len(held or "1")
    return tuple(dict.fromkeys(found))
