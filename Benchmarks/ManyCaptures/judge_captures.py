#!/usr/bin/env python3
"""Judges more captures than one machine can read: a job for Spark.

    judge_captures.py --into FOLDER [--master spark://…] [--tool WSFRAMES] FOLDER_OF_CAPTURES…

Captures, the ledger (ledger.py) and the tables are on a file system that all workers see under the same path. Each capture, or
series of files that belong together, is given to a process of wsframes on a worker. Afterwards the folder contains

    findings   Parquet: every row that wsframes printed, verbatim and in columns, and a row with the reason for each input that
               could not be read (type "error")
    counts     Parquet: violations, notices and errors counted by rule, notice, cause, host and day

Another run judges inputs that are new or have changed, and those that were not finished; nothing is judged twice. Both tables
are then made anew. Exit status: 1 with violations, 3 if an input could not be read, else 0."""

import argparse
import os
import shutil
import sys
import time

import inputs
import judging
from ledger import Ledger
from pyspark.sql import SparkSession, functions, types

MODULES = ("inputs.py", "judging.py", "ledger.py")


def schema() -> types.StructType:
    """Returns the columns of a part, and of the table."""
    kinds = {name: types.LongType() if name in judging.NUMBERS else types.StringType() for name in judging.COLUMNS}
    return types.StructType([types.StructField(name, kind) for name, kind in kinds.items()])


def judge_all(spark: SparkSession, folder: str, judge: judging.Judge, identity: str) -> int:
    """Lets the workers judge what is pending. Returns the number of inputs that they judged."""
    pending = Ledger(folder).pending()
    if not pending:
        return 0

    def judge_one(batch) -> int:
        if judge.identity != identity:
            raise RuntimeError("this worker has another wsframes than the one that planned")
        return Ledger(folder).judge(*batch, judge)

    # A task for each batch: if a worker is lost, only what it had begun is done again by another one.
    return sum(spark.sparkContext.parallelize(pending, len(pending)).map(judge_one).collect())


def make_tables(spark: SparkSession, folder: str) -> None:
    """Makes both tables from the parts."""
    ledger = Ledger(folder)
    latest = spark.createDataFrame(list(ledger.latest().items()), "input string, version string")
    rows = spark.read.schema(schema()).json(ledger.parts).join(latest, ["input", "version"], "left_semi")
    replace(rows.repartition("day", "input").sortWithinPartitions("day", "input", "line"), os.path.join(folder, "findings"))
    findings = spark.read.schema(schema()).parquet(os.path.join(folder, "findings"))
    counted = findings.where(functions.col("type").isin("violation", "notice", "error"))
    counted = counted.groupBy("type", "rule", "notice", "cause", "host", "day").count()
    replace(counted.coalesce(1).sort(functions.desc("count")), os.path.join(folder, "counts"))


def replace(table, path: str) -> None:
    """Writes a table that may replace another one. If the process dies here, the table has to be made again."""
    table.write.mode("overwrite").parquet(path + ".new")
    shutil.rmtree(path, ignore_errors=True)
    os.rename(path + ".new", path)


def main() -> int:
    """Plans, judges, makes the tables and reports the outcome."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", metavar="FOLDER_OF_CAPTURES")
    parser.add_argument("--into", required=True, metavar="FOLDER")
    parser.add_argument("--master", help="local[*] by default, or what spark-submit says")
    parser.add_argument("--tool", default="wsframes")
    parser.add_argument("--option", action="append", default=[], help="an option for wsframes, as --option=--no-deflate")
    parser.add_argument("--single", action="store_true", help="files that look like a series are captures of their own")
    parser.add_argument("--batch", type=int, default=16, help="inputs that are judged between two entries of the ledger")
    parser.add_argument("--batch-bytes", type=int, default=256 << 20, help="the same in bytes")
    parser.add_argument("--seconds", type=float, default=3600, help="that an input may take")
    parser.add_argument("--memory", type=int, default=4 << 30, help="bytes that wsframes may use")
    given = parser.parse_args()
    into = os.path.abspath(given.into)
    tool = shutil.which(given.tool) or given.tool
    judge = judging.Judge(os.path.abspath(tool), tuple(given.option), given.seconds, given.memory)
    identity = judge.identity

    began = time.monotonic()
    found, passed_over = inputs.find([os.path.abspath(folder) for folder in given.folders], not given.single)
    new = Ledger(into).plan(found, identity, given.batch, given.batch_bytes)
    print(f"{len(found)} inputs, {new} of them new; {passed_over} files are no captures", flush=True)

    builder = SparkSession.builder.appName("wsframes").config("spark.ui.showConsoleProgress", "false")
    spark = (builder.master(given.master) if given.master else builder).getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    for name in MODULES:
        spark.sparkContext.addPyFile(os.path.join(os.path.dirname(os.path.abspath(__file__)), name))
    started = time.monotonic()
    judged = judge_all(spark, into, judge, identity)
    done = time.monotonic()
    make_tables(spark, into)
    print(
        f"{judged} inputs judged in {done - started:.1f} s; planned and started in {started - began:.1f} s, tables made in "
        f"{time.monotonic() - done:.1f} s"
    )
    counts = spark.read.parquet(os.path.join(into, "counts"))
    counts.groupBy("type", "rule", "notice", "cause").agg(functions.sum("count").alias("count")).sort(
        functions.desc("count")
    ).show(40, truncate=False)
    kinds = {row["type"] for row in counts.select("type").distinct().collect()}
    spark.stop()
    return 3 if "error" in kinds else 1 if "violation" in kinds else 0


if __name__ == "__main__":
    sys.exit(main())
