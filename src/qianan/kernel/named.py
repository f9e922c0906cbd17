"""A name in both languages, for what is known by its code only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Named:
    """Chinese and English side by side; both are the original. Reads like a row: `name_zh`, `name_en`."""

    zh: str
    en: str

    @property
    def name_zh(self) -> str:
        return self.zh

    @property
    def name_en(self) -> str:
        return self.en or self.zh

    def in_language(self, language: str) -> str:
        """The name for a language code such as `zh-hans` or `en`."""
        return self.name_zh if language.startswith("zh") else self.name_en
