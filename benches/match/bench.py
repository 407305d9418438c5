"""Facility matching: mlatho beside rapidfuzz and Splink on the same lists.

Each contender gets two CSV files and gives one right id, or none, for each left id. Measured are CPU seconds and peak
memory of its process, and the F1 of its one-to-one links. rapidfuzz and Splink have their threshold chosen on the pair
itself, which flatters them; mlatho has none to choose.
"""

import argparse
import csv
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
import unicodedata
from pathlib import Path

SYLLABLES = "ka ba le mu nda nya ki so to ra bwe ru ma li nga zi po te wa cha mbo lu si go ndi ya fu ko ri sha".split()
TYPES = [("Health Centre II", "HC II"), ("Health Centre III", "HC III"), ("Dispensary", "Disp."),
         ("Hospital", "Hosp."), ("Clinic", "Medical Clinic"), ("Health Post", "HP")]
ABBREVIATIONS = [
    ("health centre", "hc"), ("health center", "hc"), ("h c", "hc"), ("medical clinic", "clinic"), ("dispensary", "disp"),
    ("medical centre", "mc"), ("medical center", "mc"), ("district hospital", "hosp"), ("sub county hospital", "hosp"),
    ("hospital", "hosp"), ("health post", "hp"), ("nursing home", "nh"), ("poste de sante", "ps"), ("centre de sante", "cs"),
    ("case de sante", "case"), ("saint", "st"), ("sainte", "st"), ("community", "comm"), ("maternity", "mat"),
]
COLUMNS = ["id", "name", "region", "district", "subdistrict"]


def synthetic(rows, folder):
    """Two registers of one country with a fifth of each missing in the other, and a fifth of the names misspelt."""
    chance = random.Random(1)
    word = lambda: "".join(chance.choice(SYLLABLES) for _ in range(chance.randint(2, 4))).capitalize()
    districts = [(f"{word()}", f"{word()}", [word() for _ in range(6)]) for _ in range(max(rows // 150, 5))]
    left, right, truth = [], [], []
    while len(left) < rows:
        region, district, parts = chance.choice(districts)
        part, (one, other) = chance.choice(parts), chance.choice(TYPES)
        name = word() if chance.random() < 0.75 else f"{word()} {word()}"
        here, there = chance.random() < 0.9, chance.random() < 0.9
        if here:
            left.append([f"L{len(left)}", f"{name} {one}", region, district, part])
        if there:
            if chance.random() < 0.2:
                at = chance.randrange(1, len(name))
                name = name[:at] + name[at + 1:]
            part = part if chance.random() < 0.9 else chance.choice(parts)
            right.append([f"R{len(right)}", f"{name} {other}", region, district, part])
        if here and there:
            truth.append([left[-1][0], right[-1][0]])
    chance.shuffle(right)
    for file, table in (("A.csv", left), ("B.csv", right)):
        with open(folder / file, "w", newline="") as out:
            csv.writer(out).writerows([COLUMNS] + table)
    with open(folder / "truth.csv", "w", newline="") as out:
        csv.writer(out).writerows([["a_id", "b_id"]] + truth)


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def typed(name):
    """Folded, with each type written in one way and behind the name: what a careful user of the peers would do first."""
    letters = "".join(letter for letter in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(letter))
    text = f" {re.sub('[^a-z0-9]+', ' ', letters).strip()} "
    found = []
    for long, short in ABBREVIATIONS:
        if f" {long} " in text or f" {short} " in text:
            text = text.replace(f" {long} ", " ").replace(f" {short} ", " ")
            found.append(short)
    return " ".join(text.split() + found)


def finest_area(left, right):
    """The finest area whose names the two lists share: districts change, and then the region is the better block."""
    names = lambda rows, column: {row[column].lower() for row in rows}
    shared = len(names(left, "district") & names(right, "district")) / len(names(left, "district"))
    return "district" if shared > 0.8 else "region"


def one_to_one(scored):
    """The best pairs first, each record once: (left, right, score)."""
    lefts, rights, kept = set(), set(), []
    for left, right, score in sorted(scored, key=lambda pair: -pair[2]):
        if left not in lefts and right not in rights:
            lefts.add(left)
            rights.add(right)
            kept.append((left, right, score))
    return kept


def mlatho(folder, program):
    out = folder / "links.csv"
    lists = ["--left", folder / "A.csv", "--right", folder / "B.csv"]
    subprocess.run([program, "match", "--kind", "facility", *lists, "--out", out, "--quiet"], check=True)
    links = [row for row in read(out) if row["assigned"] == "true" and row["right_id"]]
    return [(row["left_id"], row["right_id"], 1.0) for row in links]


def rapidfuzz(folder, _):
    from rapidfuzz import fuzz, process, utils
    left, right = read(folder / "A.csv"), read(folder / "B.csv")
    area, blocks = finest_area(left, right), {}
    for row in right:
        row["typed"] = typed(row["name"])
        blocks.setdefault(utils.default_process(row[area]), []).append(row)
    scored = []
    for row in left:
        block = blocks.get(utils.default_process(row[area]), [])
        names = {other["id"]: other["typed"] for other in block}
        found = process.extract(typed(row["name"]), names, scorer=fuzz.token_set_ratio, limit=5)
        scored += [(row["id"], key, score) for _, score, key in found]
    return one_to_one(scored)


def splink(folder, _):
    import logging
    import pandas
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    logging.getLogger("splink").setLevel(logging.ERROR)  # it tells at length what it did not learn
    tables = [pandas.read_csv(folder / file, dtype=str)[COLUMNS].fillna("") for file in ("A.csv", "B.csv")]
    for table in tables:
        table["name"] = table["name"].map(typed)
        for column in COLUMNS[2:]:
            table[column] = table[column].str.lower()
        table["start"] = table["name"].str[:5]
        table["first"] = table["name"].str.split().str[0]
    area = finest_area(*(table.to_dict("records") for table in tables))
    rules = [block_on(area), block_on("start"), block_on("first", "region")]
    settings = SettingsCreator(
        link_type="link_only", unique_id_column_name="id", blocking_rules_to_generate_predictions=rules,
        comparisons=[compare.JaroWinklerAtThresholds("name", [0.97, 0.92, 0.85]), compare.ExactMatch("region"),
                     compare.ExactMatch("district"), compare.ExactMatch("subdistrict")])
    database = DuckDBAPI()
    lists = [database.register(table, dataset_display_name=side) for side, table in zip(("list_a", "list_b"), tables)]
    linker = Linker(lists, settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match([block_on(area, "name")], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for rule in (block_on(area), block_on("name")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_weight=-15).as_pandas_dataframe()
    swap = ~found["id_l"].isin(tables[0]["id"])
    left, right = found["id_l"].where(~swap, found["id_r"]), found["id_r"].where(~swap, found["id_l"])
    return one_to_one(list(zip(left, right, found["match_weight"])))


CONTENDERS = {"mlatho": mlatho, "rapidfuzz": rapidfuzz, "splink": splink}


def run(name, folder, program):
    """In a process of its own: time and memory are those of nothing else."""
    command = [sys.executable, __file__, "--one", name, "--folder", str(folder), "--mlatho", str(program)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.splitlines()[-1])


def one(name, folder, program):
    began = time.time()
    links = CONTENDERS[name](folder, program)
    wall = time.time() - began
    whose = resource.RUSAGE_CHILDREN if name == "mlatho" else resource.RUSAGE_SELF
    used = resource.getrusage(whose)
    truth = {(row["a_id"], row["b_id"]) for row in read(folder / "truth.csv")}
    best, right, taken = 0.0, 0, 0
    levels = sorted(links, key=lambda link: -link[2])
    for place, (left, partner, score) in enumerate(levels):
        right += (left, partner) in truth
        taken += 1
        if place + 1 == len(levels) or levels[place + 1][2] != score:
            best = max(best, 2 * right / (taken + len(truth)))
    print(json.dumps({"cpu": used.ru_utime + used.ru_stime, "wall": wall, "megabytes": used.ru_maxrss / 1024, "f1": best}))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mlatho", type=Path, required=True)
    parser.add_argument("--shared", type=Path)
    parser.add_argument("--rows", type=int, nargs="*", default=[10_000])
    parser.add_argument("--one", choices=CONTENDERS)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.one:
        return one(options.one, options.folder, options.mlatho)
    print(f"{'lists':<16}{'contender':<12}{'CPU s':>8}{'wall s':>8}{'MB':>8}{'F1':>8}")
    with tempfile.TemporaryDirectory() as work:
        folders = []
        for rows in options.rows:
            folders.append(Path(work) / f"synthetic {rows}")
            folders[-1].mkdir()
            synthetic(rows, folders[-1])
        pairs = options.shared / "data/facility-pairs" if options.shared else None
        for pair in ("ke_mfl", "sn_maina_moh") if pairs and pairs.is_dir() else ():
            folders.append(Path(work) / pair)
            folders[-1].mkdir()
            for file in ("A.csv", "B.csv", "truth.csv"):
                (folders[-1] / file).write_bytes((pairs / pair / file).read_bytes())
        for folder in folders:
            for name in CONTENDERS:
                got = run(name, folder, options.mlatho)
                row = f"{got['cpu']:>8.1f}{got['wall']:>8.1f}{got['megabytes']:>8.0f}{got['f1']:>8.3f}"
                print(f"{folder.name:<16}{name:<12}{row}", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    main()
