"""Forecasts: mlatho beside statsforecast on the same months.

Works in a folder that holds the shared harness (make_panel.py, peers_statsforecast.py, score.py) and, once run, its panel
and the peers' predictions. Prints three tables: errors and intervals on the ledgers of Côte d'Ivoire, errors on the
hospital series with the last year as test, and what a made panel takes. CPU seconds of mlatho are those of the whole
program, start, reading and writing included; those of the peers are their forecast calls alone.
"""

import argparse
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd

ORIGINS = ["2018-06", "2018-09", "2018-12", "2019-03"]
KEY = ["origin", "series_id", "horizon"]


def run(mlatho, *words):
    """CPU seconds, seconds and peak memory in MB of a run of mlatho."""
    begin = time.monotonic()
    child = subprocess.Popen([mlatho, "forecast", *map(str, words)], stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"mlatho forecast {' '.join(map(str, words))} ended with {status}")
    return usage.ru_utime + usage.ru_stime, time.monotonic() - begin, usage.ru_maxrss / 1024


def ledgers(file):
    """The panel of the contract from the published ledgers, the months that are open."""
    raw = pd.read_csv(file)
    raw["period"] = raw.year * 100 + raw.month
    raw["series_id"] = raw.site_code + "_" + raw.product_code
    names = {"stock_distributed": "value", "stock_initial": "beginning_balance", "stock_received": "received",
             "stock_adjustment": "adjustments", "stock_end": "closing_balance", "stock_stockout_days": "stockout_days",
             "site_code": "site", "product_code": "product", "region": "level1", "district": "level2"}
    raw = raw.rename(columns=names)
    return raw.loc[raw.period <= 201906, ["series_id", "period", *names.values()]]


def dashed(months):
    return months.astype(str).str[:4] + "-" + months.astype(str).str[4:]


def civ(mlatho, data, folder):
    panel = folder / "civ.csv"
    ledgers(data / "civ-contraceptive/lmis_2016-01_2019-06.csv.gz").to_csv(panel, index=False)
    files, costs = [], []
    for name, more in (("mlatho", []), ("mlatho-most-accurate", ["--most-accurate"])):
        out = folder / f"{name}.out.csv"
        months = ",".join(origin.replace("-", "") for origin in ORIGINS)
        costs.append((name, *run(mlatho, "--panel", panel, "--horizon", 3, "--origins", months, "--out", out, *more)))
        rows = pd.read_csv(out)
        rows["origin"] = dashed(rows.origin)
        for kind, file in (("issues", name), ("demand", f"{name}-demand")):
            files.append(folder / f"{file}.csv")
            rows[rows.kind == kind].drop(columns=["period", "kind", "method"]).to_csv(files[-1], index=False)
    subprocess.run([sys.executable, "score.py", "--bootstrap", "1000", "--extra", *map(str, files)], cwd=folder, check=True)
    coverage(folder, files[0])
    peers = pd.read_csv(folder / "pred/cpu.csv").set_index("model")
    ets = peers.loc["AutoETS12"]
    print("\nseries per CPU second, and the ratio to AutoETS12")
    for name, cpu, seconds, memory in costs:
        rate = ets.fits / cpu
        ratio = rate / (ets.fits / ets.cpu_s)
        print(f"{name:22s} {rate:8.0f} {ratio:6.0f} x   {cpu:.2f} CPU-s, {seconds:.2f} s, {memory:.0f} MB")


def coverage(folder, file):
    """Shares inside the intervals by product and by lead time."""
    targets = pd.read_csv(folder / "panel/targets.csv")
    rows = targets[targets.denom_mae > 0].merge(pd.read_csv(file), on=KEY)
    rows["inside80"] = (rows.actual >= rows["q0.1"]) & (rows.actual <= rows["q0.9"])
    rows["inside95"] = (rows.actual >= rows["q0.025"]) & (rows.actual <= rows["q0.975"])
    rows["product"] = rows.series_id.str.split("_").str[-1]
    for part in ("horizon", "product"):
        table = rows.groupby(part).agg(inside80=("inside80", "mean"), inside95=("inside95", "mean"), values=("actual", "size"))
        print(f"\n{table.to_string(float_format=lambda share: f'{share:.3f}')}")


def hospital(mlatho, data, folder):
    """Errors of 767 series over the last year, in mean absolute changes of the history."""
    wide = pd.read_csv(data / "forecast-hospital/hospital.csv")
    rows = wide.melt("month", var_name="series_id")
    rows["period"] = rows.month.str.replace("-", "").str[:6].astype(int)
    rows["t"] = rows.period // 100 * 12 + rows.period % 100
    history, last = rows[rows.period <= 200512], rows[rows.period > 200512]
    scale = history.sort_values("t").groupby("series_id").value.apply(lambda values: values.diff().abs().mean())
    peers = folder / "hospital-peers.csv"
    if not peers.exists():
        from statsforecast import StatsForecast
        from statsforecast import models as m
        frame = pd.DataFrame({"unique_id": history.series_id, "ds": history.t, "y": history.value.astype(float)})
        models = [m.AutoETS(season_length=12), m.AutoTheta(season_length=12), m.IMAPA(), m.WindowAverage(12)]
        StatsForecast(models=models, freq=1, n_jobs=1).forecast(df=frame, h=12).to_csv(peers, index=False)
    found = pd.read_csv(peers).rename(columns={"unique_id": "series_id", "ds": "t"})
    names = [name for name in found.columns if name not in ("series_id", "t")]
    panel, out = folder / "hospital.csv", folder / "hospital.out.csv"
    rows[["series_id", "period", "value"]].to_csv(panel, index=False)
    for name, more in (("mlatho", []), ("mlatho-most-accurate", ["--most-accurate"])):
        run(mlatho, "--panel", panel, "--horizon", 12, "--origins", "200512", "--out", out, *more)
        own = pd.read_csv(out)
        own["t"] = own.period // 100 * 12 + own.period % 100
        found = found.merge(own[own.kind == "issues"][["series_id", "t", "point"]].rename(columns={"point": name}), how="left")
        names.append(name)
    test = last.merge(found, on=["series_id", "t"])
    errors = {name: ((test[name] - test.value).abs() / test.series_id.map(scale)).mean() for name in names}
    best = min(error for name, error in errors.items() if not name.startswith("mlatho"))
    print(f"\nhospital, last 12 months: MASE, and the ratio to the best peer ({len(test)} values)")
    for name, error in sorted(errors.items(), key=lambda pair: pair[1]):
        print(f"{name:22s} {error:.3f} {error / best:6.3f}")


def made(mlatho, folder, series):
    """A panel of many rare series over 48 months."""
    panel, out = folder / "made.csv", folder / "made.out.csv"
    lots = random.Random(1)
    months = [f"{2021 + at // 12}{at % 12 + 1:02d}" for at in range(48)]
    with open(panel, "w") as file:
        file.write("series_id,period,value\n")
        for number in range(series):
            size, often = lots.lognormvariate(2, 1), lots.random()
            file.writelines(f"S{number},{month},{int(size * lots.random() * 2) if lots.random() < often else 0}\n" for month in months)
    cpu, seconds, memory = run(mlatho, "--panel", panel, "--horizon", 3, "--out", out)
    print(f"\n{series:,} series of 48 months: {seconds:.1f} s, {cpu:.1f} CPU-s, {memory:.0f} MB")
    panel.unlink()
    out.unlink()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mlatho", required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--series", type=int, default=500_000)
    args = parser.parse_args()
    folder = Path(__file__).resolve().parent
    if not (folder / "panel/targets.csv").exists():
        subprocess.run([sys.executable, "make_panel.py", "--data", args.data / "civ-contraceptive", "--no-cuts"], cwd=folder, check=True)
    if not (folder / "pred/AutoETS12.csv").exists():
        subprocess.run([sys.executable, "peers_statsforecast.py", "--models", "all"], cwd=folder, check=True)
    civ(args.mlatho, args.data, folder)
    hospital(args.mlatho, args.data, folder)
    made(args.mlatho, folder, args.series)


if __name__ == "__main__":
    main()
