"""Notices of one incident in several languages, and the texts that are written of them: none leaves unsearched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from impactsim.notices.annex import annex
from impactsim.notices.build import Draft
from impactsim.notices.compose import compose
from impactsim.notices.files import Form, Told, short_texts_of, texts_of, write_notices
from impactsim.notices.incident import PublicIncident
from impactsim.notices.scan import demand_clean
from impactsim.notices.secrets import SecretNames, names_of
from impactsim.notices.short import short
from impactsim.outage.situation import Situation
from impactsim.reports.facts import Facts


@dataclass(frozen=True, slots=True)
class Notices:
    """An incident in the words of several languages."""

    draft: Draft
    told: Told
    names: SecretNames

    @staticmethod
    def of(situation: Situation, course: Facts, draft: Draft, languages: Sequence[str]) -> Notices:
        """Write the notices of a draft."""
        incident = draft.incident
        told = Told(
            incident,
            tuple(compose(incident, language) for language in languages),
            {language: short(incident, language) for language in languages},
            annex(situation, course, incident.redaction, incident.severity),
        )
        return Notices(draft, told, names_of(situation.system))

    @property
    def incident(self) -> PublicIncident:
        """What may be said."""
        return self.draft.incident

    def texts(self, form: Form | None = "text") -> dict[str, str]:
        """Return the texts of a form, or the short ones, by the names of their files.

        Parameters
        ----------
        form
            A form; None for text messages.

        Raises
        ------
        LeakFound
            If one of them holds a name from the model that it must not.
        """
        found = self._unsearched(form)
        self._scan(found)
        return found

    def write(self, folder: str | Path, form: Form | None = "text", *, overwrite: bool = False) -> list[Path]:
        """Write the texts of a form into a folder, which is made if it is not there, all of them or none; return the files.

        Raises
        ------
        LeakFound
            If one of them holds a name from the model that it must not.
        InvalidInput
            If the folder is a file, or one of the files exists and is not to be replaced.
        OSError
            If something cannot be written.
        """
        return write_notices(folder, self._unsearched(form), self._scan, overwrite=overwrite)

    def _unsearched(self, form: Form | None) -> dict[str, str]:
        return short_texts_of(self.told) if form is None else texts_of(self.told, form)

    def _scan(self, texts: Mapping[str, str]) -> None:
        demand_clean(texts, self.names, self.incident.redaction)
