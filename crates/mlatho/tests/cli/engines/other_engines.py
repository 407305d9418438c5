"""Answers queries over the live files of a repository with other engines. Arguments: data folder, file of queries.

Prints JSON: for each engine and query the rows. Only the Delta log says which files are live.
"""

import json
import pathlib
import re
import sqlite3
import sys

import deltalake
import duckdb
import pyarrow as pa

data, queries = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).read_text()

KINDS = {
    "source": 0, "org_unit": 1, "item": 2, "measure": 3, "disaggregation": 4, "unit": 5, "state": 6, "column": 7,
    "crosswalk": 8, "unit_rule": 9, "period_rule": 10, "source_org_unit": 11, "source_item": 12, "code": 13, "reason": 14,
}
STATUSES = ["accepted", "held", "unmapped", "rejected"]
SEVERITIES = ["info", "warning", "error"]

catalogue = sqlite3.connect(f"file:{data / 'catalogue.db'}?mode=ro", uri=True)
terms = catalogue.execute("SELECT kind, id, text FROM terms").fetchall()


def load(delta):
    """The table at its newest version: by deltalake itself, and by DuckDB from the list of live files."""
    yield "deltalake", delta.to_pyarrow_table()
    files = delta.file_uris()
    plain = duckdb.connect()
    if files:
        yield "duckdb", plain.execute("SELECT * FROM read_parquet(?)", [files]).to_arrow_table()
    else:
        yield "duckdb", delta.to_pyarrow_table()


answers = {}
tables = {}
for name in ["observations", "observations_log", "findings"]:
    for engine, table in load(deltalake.DeltaTable(str(data / "warehouse" / name))):
        tables.setdefault(engine, {})[name] = table

for engine, loaded in tables.items():
    database = duckdb.connect()
    kinds, ids, texts = zip(*terms)
    database.register("terms", pa.table({"kind": kinds, "id": ids, "text": texts}))
    for name, table in loaded.items():
        database.register(f"raw_{name}", table)
        columns = []
        for column in table.column_names:
            if column in KINDS:
                columns.append(f'(SELECT text FROM terms WHERE kind = {KINDS[column]} AND id = "{column}") AS "{column}"')
            elif column == "status":
                columns.append(f"{STATUSES}[status + 1] AS status")
            elif column == "severity":
                columns.append(f"{SEVERITIES}[severity + 1] AS severity")
            else:
                columns.append(f'"{column}"')
        database.execute(f"CREATE VIEW {name} AS SELECT {', '.join(columns)} FROM raw_{name}")
    for name, sql in re.findall(r"^-- (\w+):.*\n((?:(?!^--).*\n?)+)", queries, re.MULTILINE):
        rows = database.execute(sql).fetchall()
        answers.setdefault(engine, {})[name] = [list(row) for row in rows]

print(json.dumps(answers, default=str))
