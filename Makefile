# Two commands do everything: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
PORT ?= 8000
KITH = .venv/bin/kith

.PHONY: help setup run test check assurance sqlmap bench spark docs lock

help:  ## this list
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*##/\t/' | expand -t 10

setup:  ## prepare .venv from the lock
	@$(PYTHON) tools/bootstrap.py service

run: setup  ## build the invented borough and serve it (PORT=8000)
	@$(KITH) serve --demo --port $(PORT)

test:  ## everything that CI runs
	@$(PYTHON) tools/bootstrap.py dev
	@.venv/bin/python tools/check.py

assurance:  ## measure every safety figure in full, within an hour; writes docs/generated/assurance.md
	@$(PYTHON) tools/bootstrap.py dev
	@.venv/bin/python tools/figures.py

sqlmap:  ## set sqlmap on 30 routes (a part of T16, with a run of its own); writes the same page
	@$(PYTHON) tools/bootstrap.py sqlmap
	@.venv/bin/python tools/figures.py tests/assurance/test_sqlmap.py

bench:  ## measure Today, child page, search and save-visit; writes bench/results/*.json
	@$(PYTHON) tools/bootstrap.py dev
	@.venv/bin/python -m bench

spark:  ## check many authorities' returns on Apache Spark, beside checking them here (needs Java 17; downloads 450 MB)
	@$(PYTHON) tools/bootstrap.py spark
	@.venv-spark/bin/python -m pytest -n 0 -m spark tests/unit/statutory

docs:  ## write the generated documents again
	@$(PYTHON) tools/bootstrap.py dev
	@.venv/bin/python tools/docs.py

lock:  ## resolve the dependencies again into requirements/
	@$(PYTHON) tools/bootstrap.py dev
	@.venv/bin/python tools/lock.py
