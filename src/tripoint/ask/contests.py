"""Questions about contests, claims, and series of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tripoint.ask import ask, asked_by, path_or_name

if TYPE_CHECKING:
    from tripoint.answers.answer import Answer
    from tripoint.evidence.query import Evidence


def demands(
    a: str,
    b: str,
    *,
    expected: tuple[float, float] | str | None = None,
    months: float = 24.0,
    cost: tuple[float, float] | str = (0.01, 0.1),
    battle: int = 30,
    as_of: date | int | None = None,
    evidence: Evidence | None = None,
) -> Answer:
    """Set what two sides demand against what each holds and what the front's record lets it expect.

    Not for contests without stated demands and held areas on record: the error says what is missing.

    Parameters
    ----------
    a, b
        Names, codes or ids of two states.
    expected
        Expected share of every region for its holder [0-1], lowest and highest; the front's own rate when absent.
    months
        How far ahead that rate is carried [months].
    cost
        Assumed cost of fighting on [share of an item], lowest and highest.
    battle
        Length of a battle [days].
    as_of
        Use nothing dated after this day.
    evidence
        Open evidence; the store as it stands when absent.

    Raises
    ------
    UnknownNameError, InputError, CoverageError
        A name that is no state, a value out of bounds, no demands on record.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.demands("RUS", "UKR").result["state_a"]
    'RUS'
    """
    return asked_by("demands", locals())


def war(
    scenario: str | Path,
    *,
    draws: int | None = None,
    seed: int | None = None,
    assume: Sequence[str] = (),
    evidence: Evidence | None = None,
) -> Answer:
    """Run a scenario of a war or an ultimatum over its assumptions.

    The command is ``tripoint bargain``. Not a forecast: parts of the draws are parts of a region of assumptions.

    Parameters
    ----------
    scenario
        Path of a TOML file, or the name of a scenario that ships.
    draws, seed
        Draws over the assumptions and their seed; the scenario's own when absent.
    assume
        Ranges in the place of the scenario's own: ``["belief_a:0.5:0.6"]``.
    evidence
        Open evidence; the store as it stands when absent.

    Raises
    ------
    UnknownNameError, InputError
        No such scenario, one of another kind, or a file that says what the schema does not know.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.war("fearon-ultimatum", draws=8).result["scenario"]["kind"]
    'ultimatum'
    """
    scenario = path_or_name(scenario)
    assume = list(assume)
    return asked_by("war", locals())


def council(
    scenario: str | Path, *, draws: int | None = None, seed: int | None = None, evidence: Evidence | None = None
) -> Answer:
    """Run a council by two models, beside the plain weighted mean and median, with its robustness.

    Not a better forecast than the weighted mean: in a public backtest it was worse. Parameters and errors as
    :func:`war`.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.council("ec-emissions", draws=10).frame()["measure"].to_list()[0]
    'weighted mean'
    """
    scenario = path_or_name(scenario)
    return asked_by("council", locals())


def lasting(
    file: str | Path,
    *,
    period: str | None = None,
    value: str | None = None,
    error: str | None = None,
    series: str | None = None,
    begins: str | None = None,
    criterion: str = "bic",
    draws: int | None = None,
    seed: int = 0,
    more: bool = False,
    evidence: Evidence | None = None,
) -> Answer:
    """Weigh lasting against tactical change in the series of a CSV file, one row a period.

    Not for a dozen values or fewer: the test then tells little, and ``more`` says how many would decide.

    Parameters
    ----------
    file
        Path of the CSV file.
    period, value, error, series
        Columns of the periods, the values, their standard errors, and the names of several series.
    begins
        Period in which the change would begin; all are tried when absent.
    criterion
        Weight of kinds of change: ``bic``, ``aic`` or ``aicc``.
    draws, seed
        Series simulated for the p-value, and their seed.
    more
        Say how many more observations would decide.
    evidence
        Open evidence; the store as it stands when absent.

    Raises
    ------
    UnknownNameError, InputError
        A column that is not there, a file that is none, a period twice.

    Examples
    --------
    >>> import tripoint, tempfile, pathlib
    >>> folder = tempfile.TemporaryDirectory()
    >>> mine = pathlib.Path(folder.name) / "mine.csv"
    >>> _ = mine.write_text("year,x\\n" + "".join(f"{y},{y % 3 + 9 * (y > 2010)}\\n" for y in range(2000, 2022)))
    >>> tripoint.lasting(mine, draws=19).frame()["verdict"][0]
    'lasting'
    >>> folder.cleanup()
    """
    file = Path(file)
    return asked_by("lasting", locals())


def argument(
    argument: str | Path = "russia-china-india",
    *,
    claims: Sequence[str] = (),
    as_of: date | int | None = None,
    explain: bool = False,
    evidence: Evidence | None = None,
) -> Answer:
    """Weigh the claims of a file, or of an argument that ships, against the evidence.

    The command is ``tripoint weigh``. Not a judge of what ought to be: claims are statements that tests can fail.

    Parameters
    ----------
    argument
        Path of a claim file, or the name of an argument that ships.
    claims
        Ids of the claims to weigh; all when empty.
    as_of
        Use evidence up to this day, even after publication.
    explain
        Tell every test.
    evidence
        Open evidence; the store as it stands when absent.

    Raises
    ------
    UnknownNameError, InputError
        No such argument or claim, or a file with a fault; the error names the line.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.argument(claims=["no-mutual-defense"]).frame()["verdict"][0]
    'supported'
    """
    argument = path_or_name(argument)
    return asked_by("argument", locals())


def brief(
    *states: str | Path,
    argument: str | Path | None = None,
    as_of: date | int | None = None,
    evidence: Evidence | None = None,
) -> Answer:
    """Compose a sourced brief on one, two or three states, or on an argument.

    Not a document: ``tripoint brief -o brief.pdf`` sets it, and so does :mod:`tripoint.briefs.render`.

    Parameters
    ----------
    states
        One, two or three states in any order; or one argument, as the next.
    argument
        Name of an argument that ships, or the path of a claim file; the first that ships when nothing is named.
    as_of
        Use nothing dated after this day; today for states, the day of publication for an argument when absent.
    evidence
        Open evidence; the store as it stands when absent.

    Raises
    ------
    UnknownNameError, InputError
        A name that is neither a state nor an argument, one state twice, more than three, a claim file with a fault.

    Examples
    --------
    >>> import tripoint
    >>> found = tripoint.brief("IND", "RUS")
    >>> found.result["question"]
    'How do India and Russia stand?'
    """
    from tripoint.briefs.asked import given

    what = states if argument is None else (*states, path_or_name(argument))
    return ask("brief", {**given(what), "as_of": as_of}, evidence)


def claim(
    claim: str,
    *,
    argument: str | None = None,
    as_of: date | int | None = None,
    chance: Sequence[str] = (),
    values: Sequence[str] = (),
    evidence: Evidence | None = None,
) -> Answer:
    """Weigh one claim that ships: its verdict, every test, and what would change it.

    Not for claims of your own: :func:`argument` reads files. Raises :class:`~tripoint.errors.UnknownNameError` for an
    id that no argument has.

    Parameters
    ----------
    claim
        Id of the claim.
    argument
        Name of the argument that ships; all are looked through when absent.
    as_of
        Use evidence up to this day.
    chance
        Your own chance of the claim before the evidence, lowest and highest [0-1]: ``["0.2", "0.6"]``.
    values
        Your own chances of a finding under each hypothesis: ``["test:0.5:0.95"]``.
    evidence
        Open evidence; the store as it stands when absent.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.claim("no-mutual-defense").result["verdict"]
    'supported'
    """
    return asked_by("claim", locals())


def verify(text: str, *, as_of: date | None = None, evidence: Evidence | None = None) -> Answer:
    """Look one statement up: confirmed, contradicted, contested, outside coverage, or not searched.

    Not for explanations or intentions: only what can be looked up is read, such as a tie, an event, a flow or a vote.
    Raises :class:`~tripoint.errors.InputError` for a statement that says nothing of the kind, with what would be read.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.verify("Turkey has a defense pact with the United States").headline.split(":")[0]
    'Confirmed'
    """
    return asked_by("verify", locals())
