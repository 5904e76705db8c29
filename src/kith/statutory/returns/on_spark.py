"""Spreads work over the machines of an Apache Spark cluster: the same function, an item to a task."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any, TypeVar

from kith.vocabulary.errors import KithError

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_MASTER = re.compile(r"local(\[[\w*,]+\])?|local-cluster\[\d+,\d+,\d+\]|(spark|k8s)://\S+|yarn")
_HERE = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.ui.enabled": "false"}
# Its warnings are about itself. An error says where the work was and what broke, and nothing of a return.
_QUIET = {"spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}


def is_master(text: str) -> bool:
    """Whether this is how the master of a Spark cluster is written: local[*], spark://host:7077, yarn, k8s://…"""
    return _MASTER.fullmatch(text) is not None


def spread(work: Callable[[_Item], _Result], items: Sequence[_Item], *, master: str) -> list[_Result]:
    """What the work gives for each item, in order, worked out on the cluster. Raises KithError where Spark cannot.

    An error in the work itself is raised as Spark gives it, after the tries that the cluster is set to make.
    """
    context = _context(master)
    try:
        return list(context.parallelize(items, max(len(items), 1)).map(work).collect())
    except Exception as fault:
        if "PythonException" in str(fault):  # the work broke, and not what carries it
            raise
        raise _cannot(master, fault) from fault
    finally:
        context.stop()


def _context(master: str) -> Any:
    if find_spec("pyspark") is None:
        mend = "Install it with pip install “kith[spark]”, and Java 17; or leave --spark out to check on this machine."
        raise KithError("Apache Spark is not installed here.", mend=mend)
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise KithError("Apache Spark needs Java, which is not installed here.", mend="Install Java 17.")
    from pyspark import SparkConf, SparkContext  # type: ignore[import-not-found, unused-ignore]  # optional

    conf = SparkConf().setAppName("kith").setMaster(master).setAll(_QUIET.items())
    if master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        conf.setAll([*_HERE.items(), ("spark.executorEnv.PYTHONPATH", os.pathsep.join(map(str, sys.path)))])
    try:
        return SparkContext(conf=conf)
    except Exception as fault:
        raise _cannot(master, fault) from fault


def _cannot(master: str, fault: Exception) -> KithError:
    mend = "Check the address, that the cluster runs, and that Java is 17 or later."
    return KithError(
        f"Apache Spark at {master} could not be started, or broke off ({type(fault).__name__}).", mend=mend
    )
