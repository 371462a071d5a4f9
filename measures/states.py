"""The states a complaint passes through, in the order of the process.

Source: Pergub DKI Jakarta 128/2017 and the CRM process since April 2021.
"""

from __future__ import annotations

from typing import Final

WAITING: Final = "menunggu"
COORDINATION: Final = "koordinasi"
DISPOSITION: Final = "disposisi"
WORK: Final = "proses"
VALIDATION: Final = "menunggu_validasi"
REFUSED_WORK: Final = "tl_ditolak"
DONE: Final = "selesai"
REFUSED: Final = "ditolak"
DELETED: Final = "dihapus"
UNKNOWN: Final = "tidak_dikenal"  # a state that the contract does not name: counted, never dropped

OPEN_STATES: Final = (WAITING, COORDINATION, DISPOSITION, WORK, REFUSED_WORK, VALIDATION, UNKNOWN)
ENDED_STATES: Final = (DONE, REFUSED, DELETED)
STATES: Final = OPEN_STATES + ENDED_STATES
