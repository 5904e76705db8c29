"""The figures Kith publishes about its own safety, each with a control that must fail.

How to write one. The figure is a row of assurance/figures.toml (its sentence, its gate in words, its control in words).
The measuring is one test in `tests/assurance/test_tNN_words.py`, in one function, control included:

    from tests.assurance.kit import Measuring, Sized

    def test_t05_no_answered_save_is_lost(measuring: Measuring, sized: Sized, record: None) -> None:
        rounds = sized(short=60, full=10_000)
        with measuring("T5", seed=5) as figure:
            lost, kept = race(rounds, seed=figure.seed)
            figure.none("answered saves lost", found=len(lost), of=rounds)
            figure.all("losers' texts kept", found=len(kept), of=losers)
            figure.at_most("median gap in time, ms", gap, gate=5)
            figure.at_least("F1", f1, gate=0.95)
            with no_version_check():
                lost_without, _ = race(rounds, seed=figure.seed)
            figure.control("the version check taken out", failed=bool(lost_without), said=f"{len(lost_without)} lost")

When the block ends the figure is judged: a measure beyond its gate fails; no measure, or no control, is void and fails;
a control that did not fail is void and fails, however good the measures. A zero carries its bound: 0 of n is under 3/n.

- `sized(short=…, full=…)` gives the size of this run. The short form runs in `make test`, on SQLite and PostgreSQL;
  the full form in `make assurance` (KITH_ASSURANCE=full), which alone writes assurance/results/*.json.
- One figure may be measured in parts: `measuring("T18", part="files", seed=18)`. Each part has its own control.
- `figure.note("…")` says what a reader must know: what was left out, which pages do not exist yet.
- `@pytest.mark.both`: the full form runs on PostgreSQL too. Without it, on SQLite alone.
- `@FULL_ONLY`: there is no short form (T2, and the speed of T21).
- `@pytest.mark.journey`: it needs a browser. `@pytest.mark.postgres`: it needs PostgreSQL; skip it on SQLite.
- No retries, no sleeping on time. The checker shares no code with what it checks: read answers, files and tables, and
  do not ask the application's own functions whether they were right. People are invented, from the seed.
- A fault that is found becomes a named regression test beside the code that had it.
"""
