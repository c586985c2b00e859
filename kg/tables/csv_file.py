r"""CSV as RFC 4180 has it: CRLF, quotes doubled, a header line; UTF-8 without byte order mark.

Values are exact. A spreadsheet may read a cell that begins with =, +, - or @ as a formula; the
description of the tables says so, and nothing is put before such a cell here.
"""

from __future__ import annotations

import csv
import io

from kg.tables.rows import Filled


def write(filled: Filled) -> bytes:
    """Return the table as a CSV file; the header line has the names of the columns."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.name for column in filled.table.columns)
    writer.writerows(filled.rows)
    return text.getvalue().encode()
