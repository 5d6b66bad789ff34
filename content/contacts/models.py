"""Numbers to call and offices to go to."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from content.publishing import Publishable
from content.search import Searchable
from content.store import Base, Localized
from content.text import in_language


class ContactKind(StrEnum):
    """Whom one reaches: help in an emergency, or an office."""

    EMERGENCY = "emergency"
    OFFICE = "office"


class Contact(Publishable, Base):
    """A number to call, or an office with its address."""

    __tablename__ = "contact"

    search_type = "contact"
    needed = ("name",)

    kind: Mapped[str] = mapped_column(index=True)
    name: Mapped[Localized]
    phone: Mapped[str | None]
    address: Mapped[Localized] = mapped_column(default=dict)
    note: Mapped[Localized] = mapped_column(default=dict)
    position: Mapped[int] = mapped_column(default=0)

    @property
    def heading(self) -> Localized:
        return self.name

    def searchable(self, language: str) -> Searchable:
        texts = (self.note, self.address)
        return Searchable(
            title=self.name[language],
            body="\n".join(filter(None, (in_language(text, language) for text in texts))),
            also=self.phone or "",
        )
