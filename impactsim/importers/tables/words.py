"""Words that people write above the columns of their tables, and into the cells, in five languages.

They are compared without letter case, accents and signs: ``Asset-ID``, ``asset_id`` and ``ASSET ID`` are one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

_LONGEST = 200


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Return what is left of a text when letter case, accents, spaces and signs do not count.

    Examples
    --------
    >>> fold("Asset-ID"), fold("Gebäude (Straße)"), fold("  ")
    ('assetid', 'gebaudestrasse', '')
    """
    letters = unicodedata.normalize("NFKD", text[:_LONGEST]).casefold()
    return "".join(letter for letter in letters if letter.isalnum())


@dataclass(frozen=True)
class Sort:
    """A sort of table: what its columns may say, and how strangers call them."""

    name: str
    """``nodes`` or ``edges``."""
    headers: Mapping[str, tuple[str, ...]]
    """For each word the headers that mean it, the likeliest first; the word itself is one of them."""
    demanded: tuple[tuple[str, ...], ...]
    """Of each of these words a table must have one, or it is of another sort."""

    def means(self, header: str) -> bool:
        """Does a header mean one of the words?"""
        return fold(header) in self._known

    @property
    def _known(self) -> frozenset[str]:
        return _folded(tuple(self.headers), tuple(self.headers.values()))


@lru_cache(maxsize=64)
def _folded(words: tuple[str, ...], headers: tuple[tuple[str, ...], ...]) -> frozenset[str]:
    return frozenset(map(fold, (*words, *(header for several in headers for header in several))))


def _split(text: str) -> tuple[str, ...]:
    return tuple(" ".join(each.split()) for each in text.split(",") if each.strip())


THINGS = Sort(
    "nodes",
    {
        "id": _split(
            "asset id, ci id, component id, identifier, key, uid, code, asset tag, kennung, kürzel, inventarnummer, inventar-nr, "
            "anlagennummer, nummer, identifiant, numéro, numéro d'inventaire, identificativo, codice, numero, numero inventario, "
            "identificador, código, número"
        ),
        "name": _split(
            "display name, label, title, hostname, host name, bezeichnung, benennung, titel, nom, libellé, désignation, intitulé, "
            "nome, denominazione, descrizione breve, etichetta, nombre, denominación, component, service, application, system, asset, "
            "device, server, komponente, dienst, anwendung, gerät, composant, application, système, équipement, componente, servizio, "
            "applicazione, sistema, dispositivo, servicio, aplicación, equipo"
        ),
        "kind": _split(
            "type, category, class, typ, art, kategorie, klasse, genre, catégorie, classe, tipo, categoria, categoría, clase"
        ),
        "at": _split(
            "site, location, place, data center, data centre, building, rack, standort, ort, rechenzentrum, gebäude, raum, lieu, "
            "emplacement, bâtiment, salle, sede, luogo, ubicazione, posizione, edificio, ubicación, lugar, sitio"
        ),
        "operator": _split(
            "operated by, run by, provider, betreiber, betrieben von, anbieter, exploitant, exploité par, gestore, gestito da, "
            "operador, operado por"
        ),
        "crew": _split(
            "repair crew, repair team, repaired by, entstörtrupp, équipe de réparation, squadra di riparazione"
        ),
        "restart": _split(
            "restart time, boot time, startup time, neustart, neustartzeit, anlaufzeit, startdauer, redémarrage, "
            "temps de redémarrage, riavvio, tempo di riavvio, reinicio, tiempo de reinicio"
        ),
        "time_to_restore": _split(
            "repair time, time to repair, mttr, reparaturzeit, reparaturdauer, wiederherstellungszeit, wiederherstellungsdauer, "
            "instandsetzungszeit, temps de réparation, durée de réparation, temps de rétablissement, tempo di ripristino, "
            "tempo di riparazione, tiempo de reparación"
        ),
        "priority": _split("prio, priorität, priorité, priorità, prioridad"),
        "users": _split(
            "user count, number of users, no of users, benutzer, anzahl benutzer, nutzer, anzahl nutzer, anwender, utilisateurs, "
            "nombre d'utilisateurs, utenti, numero di utenti, numero utenti, usuarios, número de usuarios"
        ),
        "source": _split("source of figures, quelle der angaben, source des chiffres, fonte, fonte dei dati, fuente"),
        "critical": _split("is critical, critical or important, kritisch, critique, critico, crítico"),
        "confidence": _split("sureness, how sure"),
        "public_name": _split("öffentlicher name, name für kunden, nom public, nome pubblico, nombre público"),
        "aliases": _split(
            "alias, also known as, other names, aliasse, weitere namen, autres noms, altri nomi, otros nombres"
        ),
        "fails_per_year": _split(
            "failures per year, failures a year, ausfälle pro jahr, pannes par an, guasti all'anno, guasti per anno, fallos por año"
        ),
        "fails_probability": _split("share of time down, unavailability, nichtverfügbarkeit"),
        "rto": _split("recovery time objective, rto target, wiederanlaufzeit"),
        "rpo": _split("recovery point objective, rpo target, maximaler datenverlust"),
        "mtpd": _split(
            "mtd, maximum tolerable period of disruption, maximal tolerierbare ausfallzeit, dmia, durée maximale"
        ),
        "mbco": _split("minimum business continuity objective"),
        "needs": _split(
            "depends on, dependencies, requires, benötigt, braucht, hängt ab von, abhängig von, abhängigkeiten, dépend de, "
            "dépendances, nécessite, dipende da, dipendenze, richiede, depende de, dependencias, requiere"
        ),
    },
    (("id", "name"),),
)

NEEDS = Sort(
    "edges",
    {
        "from": _split(
            "source, consumer, dependent, who, von, quelle, abhängiger, verbraucher, de, depuis, origine, consommateur, da, "
            "consumatore, desde, origen"
        ),
        "to": _split(
            "target, needs, depends on, requires, needed, destination, nach, zu, ziel, benötigt, braucht, hängt ab von, à, vers, cible, "
            "dépend de, nécessite, a, verso, destinazione, dipende da, richiede, hasta, hacia, destino, depende de, requiere"
        ),
        "purpose": _split("needed for, needed to, zweck, wofür, but, scopo, propósito, kind, type, typ, art, tipo"),
        "impact": _split("impact share, wirkung, auswirkung, effet, impatto, impacto"),
        "holdover": _split(
            "buffer, buffer time, autonomy, battery time, überbrückung, überbrückungszeit, puffer, pufferzeit, autonomiezeit, "
            "autonomie, tampon, autonomia, autonomía"
        ),
        "recharge": _split(
            "recharge time, ladezeit, temps de recharge, recharge, ricarica, tempo di ricarica, recarga"
        ),
        "confidence": _split("sureness, how sure"),
        "group": _split("redundancy group, gruppe, redundanzgruppe, groupe, groupe de redondance, gruppo, grupo"),
        "form": _split("form of group, redundancy, redundanz, redondance, ridondanza, redundancia"),
        "k": _split("at least, minimum, mindestens, au moins, almeno, al menos"),
        "order": _split("rank, place, position, reihenfolge, rang, ordre, ordine, orden"),
        "failover": _split(
            "use failover, switchover, switch time, umschaltzeit, umschaltdauer, basculement, commutazione, conmutación"
        ),
        "lasts": _split("how long it lasts, runtime, laufzeit, reichweite, durée, durata, duración"),
        "fails_to_start": _split("probability of no start, startet nicht"),
    },
    (("from",), ("to",)),
)

DURATIONS = ("restart", "time_to_restore", "rto", "rpo", "mtpd", "holdover", "recharge", "failover", "lasts")
"""Words whose values are durations."""

_UNITS = {
    "ms": _split("ms, msec, millisecond, milliseconds, Millisekunden"),
    "s": _split(
        "s, sec, secs, second, seconds, Sek, Sekunde, Sekunden, seconde, secondes, secondo, secondi, segundo, segundos"
    ),
    "m": _split("m, min, mins, minute, minutes, Minuten, mn, minuto, minuti, minutos"),
    "h": _split("h, hr, hrs, hour, hours, Std, Stunde, Stunden, heure, heures, ora, ore, hora, horas"),
    "d": _split("d, day, days, Tag, Tage, Tagen, j, jour, jours, giorno, giorni, día, días"),
    "w": _split("w, wk, week, weeks, Woche, Wochen, semaine, semaines, settimana, settimane, semana, semanas"),
}
UNITS = {fold(word): unit for unit, words in _UNITS.items() for word in words}
"""Units of time by folded word."""

_IN_UNIT = re.compile(
    r"(.*?\S)\s*(?:[(\[]\s*(?:in\s+)?([^\W\d_]{1,14})\.?\s*[)\]]|(?:[ _,/]in[ _]|[ _/])([^\W\d_]{1,14})\.?)"
)


def header_and_unit(header: str) -> tuple[str, str]:
    """Part a header from the unit of time in it.

    Examples
    --------
    >>> header_and_unit("RTO (h)"), header_and_unit("Neustart in Minuten"), header_and_unit("holdover_min"), header_and_unit("RTO")
    (('RTO', 'h'), ('Neustart', 'm'), ('holdover', 'm'), ('RTO', ''))
    """
    found = _IN_UNIT.fullmatch(header[:_LONGEST])
    unit = UNITS.get(fold(found[2] or found[3]), "") if found else ""
    return (found[1], unit) if found and unit else (header, "")


_KINDS = {
    "service": _split(
        "business service, application, app, webapp, anwendung, applikation, dienst, fachanwendung, service applicatif, applicazione, "
        "servizio, aplicación, servicio, software"
    ),
    "provider": _split(
        "supplier, vendor, third party, saas, cloud, lieferant, anbieter, dienstleister, fournisseur, prestataire, fornitore, proveedor"
    ),
    "power": _split(
        "ups, usv, onduleur, pdu, strom, stromversorgung, notstrom, generator, netzersatzanlage, alimentation, électricité, "
        "alimentazione, corrente, energia, energía, electricity, mains, power supply"
    ),
    "connectivity": _split(
        "network, network device, switch, router, firewall, line, wan, lan, internet, netzwerk, netzwerkgerät, leitung, réseau, ligne, "
        "rete, linea, red, línea"
    ),
    "site": _split(
        "location, building, room, rack, data center, data centre, standort, gebäude, raum, rechenzentrum, serverraum, bâtiment, salle, "
        "lieu, emplacement, sede, edificio, sala, luogo, ubicación"
    ),
    "host": _split(
        "server, vm, virtual machine, computer, workstation, rechner, virtueller server, virtuelle maschine, serveur, hôte, ordinateur, "
        "machine virtuelle, macchina virtuale, elaboratore, servidor, máquina virtual"
    ),
    "cooling": _split(
        "hvac, crac, air conditioning, kühlung, klima, klimaanlage, refroidissement, climatisation, raffreddamento, condizionamento, "
        "refrigeración"
    ),
    "data": _split(
        "database, storage, datenbank, speicher, daten, base de données, stockage, base dati, banca dati, archiviazione, base de datos, "
        "almacenamiento"
    ),
    "tool": _split("werkzeug, outil, strumento, herramienta"),
    "channel": _split("kanal, canal, canale"),
}
KINDS_BY_WORD = {fold(word): kind for kind, words in _KINDS.items() for word in (kind, *words)}
"""Kinds that mean something, by the folded words that people write for them."""

YES = frozenset(map(fold, _split("yes, y, true, x, 1, on, ja, wahr, oui, vrai, si, vero, verdadero"))) | {"✓", "✔"}
NO = frozenset(map(fold, _split("no, n, false, 0, off, nein, falsch, non, faux, falso"))) | {"-", "\u2013"}
FORMS_BY_WORD = {
    fold(word): form
    for form, words in {
        "any_of": _split("any_of, any, one of, or, redundant, standby, oder, redondant, ou, o, ridondante, redundante"),
        "all_of": _split("all_of, all, and, alle, und, tous, et, tutti, e, todos, y"),
        "at_least": _split("at_least, k of n, quorum, mindestens, au moins, almeno, al menos"),
    }.items()
    for word in words
}
