"""The commands beside serving: holding a replica against the contract, importing boundaries."""

from __future__ import annotations

import os
from pathlib import Path

from dashboard.exits import EXIT_FINDINGS, EXIT_USAGE, complain, say
from data_access.dimensions import read_dimensions
from data_access.doctor import diagnose
from data_access.errors import ReplicaError
from data_access.findings import Severity
from data_access.replica import Replica
from layouts import boundaries

_DOCTOR_PATIENCE_MS = 120_000  # some checks read whole tables


def doctor(url: str) -> int:
    """Check a replica against the contract; 0 where no error was found."""
    if not url:
        return complain("doctor needs --replica URL or DASHBOARD_REPLICA_URL.", EXIT_USAGE)
    try:
        replica = Replica(url, statement_timeout_ms=_DOCTOR_PATIENCE_MS, application_name="doctor")
    except ReplicaError as error:
        return complain(str(error), EXIT_USAGE)
    findings = diagnose(replica)
    for finding in findings:
        say(f"{finding.severity.value}: {finding.sentence}")
    if not findings:
        say(f"{replica.name} offers the contract.")
    wrong = any(finding.severity is Severity.ERROR for finding in findings)
    return EXIT_FINDINGS if wrong else 0


def import_boundaries(file: Path, url: str, attribution: str | None = None) -> int:
    """Check a file of boundaries and keep it in the data directory for the map."""
    directory = Path(os.environ.get("DASHBOARD_DATA_DIR") or "data")
    try:
        report = boundaries.import_boundaries(file, directory, _leaf_codes(url), attribution)
    except OSError as error:
        return complain(f"{error.filename or directory}: {error.strerror}.", EXIT_FINDINGS)
    say(str(report))
    return 0 if report.written else EXIT_FINDINGS


def _leaf_codes(url: str) -> frozenset[str] | None:
    """Codes of the regions that boundaries are wanted for, None where no replica says."""
    if not url:
        return None
    try:
        regions = Replica(url, application_name="import-boundaries").run(read_dimensions).regions
    except ReplicaError as error:
        complain(f"The codes cannot be compared with the replica's: {error}", 0)
        return None
    return frozenset(regions["code"]) - frozenset(regions["parent_code"].dropna())
