"""Has the reader more rights than to read the contract's views?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, bindparam, text

from data_access import contract
from data_access.findings import Finding, error

_ROLE: Final = text("""
SELECT rolname AS role, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls,
       has_database_privilege(current_database(), 'CREATE') AS creates
FROM pg_roles WHERE rolname = current_user
""")
_ATTRIBUTES: Final = {
    "rolsuper": "is a superuser",
    "rolcreaterole": "may create roles",
    "rolcreatedb": "may create databases",
    "rolreplication": "may replicate the whole cluster",
    "rolbypassrls": "is exempt from row-level security",
    "creates": "may create schemas in the database",
}
_SCHEMAS: Final = text(r"""
SELECT nspname FROM pg_namespace
WHERE has_schema_privilege(oid, 'CREATE') AND nspname !~ '^(pg_|information_schema$)'
ORDER BY nspname
""")
# Relations of extensions (pg_stat_statements and the like) are the administrator's business.
_RELATIONS: Final = text(r"""
SELECT quote_ident(nspname) || '.' || quote_ident(relname) AS name,
       nspname = :schema AS within,
       has_table_privilege(class.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
           OR has_any_column_privilege(class.oid, 'INSERT, UPDATE') AS writable,
       has_any_column_privilege(class.oid, 'SELECT') AS readable
FROM pg_class AS class JOIN pg_namespace AS namespace ON namespace.oid = relnamespace
WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND nspname !~ '^(pg_|information_schema$)'
  AND NOT EXISTS (
      SELECT FROM pg_depend
      WHERE classid = 'pg_class'::regclass AND objid = class.oid AND deptype = 'e'
  )
ORDER BY 1
""").bindparams(bindparam("schema", contract.SCHEMA))
_NAMED: Final = 3


def check_rights(connection: Connection) -> Iterator[Finding]:
    """Every right beyond SELECT on the contract's views is an error."""
    role = connection.execute(_ROLE).mappings().one()
    for attribute, said in _ATTRIBUTES.items():
        if role[attribute]:
            yield error(f"The role {role['role']} {said}; it needs no such right.")
    for (schema,) in connection.execute(_SCHEMAS):
        yield error(f"The reader may create objects in schema {schema}: REVOKE CREATE.")
    relations = connection.execute(_RELATIONS).all()
    if writable := [row.name for row in relations if row.writable]:
        yield error(f"The reader may write to {_listed(writable)}: REVOKE all but SELECT.")
    if beyond := [row.name for row in relations if row.readable and not row.within]:
        yield error(f"The reader may read {_listed(beyond)} outside the contract: REVOKE SELECT.")


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
