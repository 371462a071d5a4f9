"""Are the small tables sound: codes, names, parents, and the tree of regions?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Table, select

from data_access import contract
from data_access.findings import Finding, error, warning

_KEYED: Final = (
    (contract.regions, "code"),
    (contract.units, "code"),
    (contract.channels, "code"),
    (contract.categories, "code"),
    (contract.accounts, "unit_code"),
)
_NAMED: Final = (contract.regions, contract.units, contract.channels, contract.categories)
_REFERENCES: Final = (
    (contract.regions, "parent_code", contract.regions),
    (contract.units, "parent_code", contract.units),
    (contract.units, "region_code", contract.regions),
    (contract.accounts, "unit_code", contract.units),
)
_DEEPEST: Final = 4


def check_dimensions(connection: Connection) -> Iterator[Finding]:
    """Duplicate and padded codes, dirty names, orphan parents, faults of the region tree."""
    for table, key in _KEYED:
        yield from _codes(table, key, connection.scalars(select(table.c[key])).all())
    for table in _NAMED:
        yield from _names(table, connection.scalars(select(table.c.name)).all())
    for table, column, other in _REFERENCES:
        used = set(connection.scalars(select(table.c[column]).where(table.c[column].is_not(None))))
        known = set(connection.scalars(select(other.c.code)))
        if orphans := sorted(used - known):
            where = f"{table.fullname}.{column}"
            yield error(f"{where} has codes that {other.fullname} lacks: {_some(orphans)}.")
    for table in (contract.regions, contract.units):
        rows = connection.execute(select(table.c.code, table.c.parent_code))
        parents: dict[str, str | None] = {row.code: row.parent_code for row in rows}
        yield from _cycles(table, parents)
        if table is contract.regions:
            yield from _tree(parents)


def _codes(table: Table, key: str, codes: Sequence[str | None]) -> Iterator[Finding]:
    where = f"{table.fullname}.{key}"
    if None in codes or "" in codes:
        yield error(f"{where} is empty in some rows.")
    counts = Counter(code for code in codes if code)
    if twice := sorted(code for code, count in counts.items() if count > 1):
        yield error(f"{where} is not unique: {_some(twice)}.")
    if padded := sorted(code for code in counts if code != code.strip()):
        yield error(f"{where} has blanks around codes: {_some(padded)}.")


def _names(table: Table, names: Sequence[str | None]) -> Iterator[Finding]:
    where = f"{table.fullname}.name"
    given = [name for name in names if name]
    if len(given) < len(names):
        yield error(f"{where} is empty in some rows.")
    clean = {name: " ".join(name.split()) for name in given}
    if padded := sorted(name for name in clean if name != clean[name]):
        yield warning(f"{where} has superfluous blanks: {_some(padded)}.")
    variants: dict[str, set[str]] = defaultdict(set)
    for name in clean.values():
        variants[name.casefold()].add(name)
    for group in variants.values():
        if len(group) > 1:
            yield warning(f"{where} has variants that differ only in case: {_some(sorted(group))}.")


def _tree(parents: Mapping[str, str | None]) -> Iterator[Finding]:
    roots = sorted(code for code, parent in parents.items() if parent is None)
    if not roots:
        yield error("crm.regions has no root: one region must have no parent.")
    if len(roots) > 1:
        yield error(f"crm.regions has more than one root: {_some(roots)}.")
    deep = sorted(code for code in parents if len(_ancestry(code, parents)) > _DEEPEST)
    if deep:
        yield error(f"crm.regions is deeper than {_DEEPEST} levels: {_some(deep)}.")


def _cycles(table: Table, parents: Mapping[str, str | None]) -> Iterator[Finding]:
    circling = sorted(code for code in parents if parents.get(_ancestry(code, parents)[-1]) == code)
    if circling:
        yield error(f"{table.fullname} has parents that run in a circle: {_some(circling)}.")


def _ancestry(code: str, parents: Mapping[str, str | None]) -> list[str]:
    """``code``, its parent, and so on, as far as they are known and not met before."""
    path = [code]
    while (parent := parents.get(path[-1])) in parents and parent is not None:
        if parent in path:
            break
        path.append(parent)
    return path


def _some(values: Iterable[Any], most: int = 3) -> str:
    quoted = [f"'{value}'" for value in values]
    more = f" and {len(quoted) - most} more" if len(quoted) > most else ""
    return ", ".join(quoted[:most]) + more
