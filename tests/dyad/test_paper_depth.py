from pathlib import Path

import numpy as np
import pytest

from tripoint.dyad.paper_depth import ITEMS, fit_paper_depth
from tripoint.errors import InputError

#: Asked of any reading of the provisions that claims to be the published one.
REACHED = 0.97
#: Of the linear reading, which is the published one up to sampling noise.
REACHED_LINEAR = 0.998


@pytest.fixture(scope="module")
def published(mirror: Path) -> tuple[np.ndarray, np.ndarray]:
    import polars as pl

    table = pl.read_csv(
        mirror / "alliance_depth/AllianceDataScoreJCR_RR.csv", null_values="NA", infer_schema_length=None
    )
    return table.select(ITEMS).to_numpy().astype(float), table["Depth.score"].to_numpy()


def test_reaches_the_published_depth(published: tuple[np.ndarray, np.ndarray]) -> None:
    provisions, depth = published
    assert depth.size == 492
    ordinal, linear = fit_paper_depth(provisions, scale="published"), fit_paper_depth(provisions, model="linear")
    assert np.corrcoef(ordinal.score, depth)[0, 1] >= REACHED
    assert np.corrcoef(linear.score, depth)[0, 1] >= REACHED_LINEAR
    assert (ordinal.loadings > 0).all()
    for fit in (ordinal, linear):
        assert ((fit.low < fit.score) & (fit.score < fit.high)).all()


def test_likelihood_hardly_tells_the_shape_of_depth(published: tuple[np.ndarray, np.ndarray]) -> None:
    provisions, depth = published
    normal, skewed = (fit_paper_depth(provisions, skewness=s) for s in (0.0, 1.0))
    assert abs(normal.loglik - skewed.loglik) < 0.5
    # The normal reading squeezes the deepest treaties together and falls short.
    assert np.corrcoef(normal.score, depth)[0, 1] < REACHED


def test_the_default_is_the_scale_that_the_data_prefer(published: tuple[np.ndarray, np.ndarray]) -> None:
    provisions, depth = published
    ours, theirs = fit_paper_depth(provisions), fit_paper_depth(provisions, scale="published")
    assert ours.loglik > theirs.loglik
    assert ours.loglik > fit_paper_depth(provisions, skewness=0.0).loglik
    assert np.corrcoef(ours.score, depth)[0, 1] < np.corrcoef(theirs.score, depth)[0, 1]


def test_published_depth_is_linear_in_the_codes(published: tuple[np.ndarray, np.ndarray]) -> None:
    provisions, depth = published
    design = np.column_stack([np.ones(len(depth)), provisions])
    fitted = design @ np.linalg.lstsq(design, depth, rcond=None)[0]
    assert np.corrcoef(fitted, depth)[0, 1] > 0.999


def made_up(n: int = 300) -> np.ndarray:
    rng = np.random.default_rng(0)
    latent = rng.standard_normal(n)[:, None] + rng.standard_normal((n, len(ITEMS)))
    return (latent > 0.3).astype(float) + (latent > 1.2)


@pytest.mark.parametrize("model", ["ordinal", "linear"])
def test_another_provision_never_lowers_depth(model: str) -> None:
    provisions = made_up()
    provisions[0], provisions[1] = 0, 0
    provisions[1, 3] = 2
    fit = fit_paper_depth(provisions, model=model)
    assert fit.score[1] > fit.score[0]


def test_missing_provisions_are_not_zero() -> None:
    provisions = made_up()
    provisions[0], provisions[1] = 2, 2
    provisions[0, 1:] = np.nan
    fit = fit_paper_depth(provisions)
    assert fit.given[:2].tolist() == [1, 8]
    assert fit.score_sd[0] > fit.score_sd[1]
    with pytest.raises(InputError, match="7 values are missing"):
        fit_paper_depth(provisions, model="linear")


def test_bad_input() -> None:
    with pytest.raises(InputError, match="alliances by 8 items"):
        fit_paper_depth(np.zeros((3, 2)))
    with pytest.raises(InputError, match="'cubic' is not known"):
        fit_paper_depth(made_up(), model="cubic")
    with pytest.raises(InputError, match="scale"):
        fit_paper_depth(made_up(), scale="loud")
    provisions = made_up()
    provisions[4] = np.nan
    with pytest.raises(InputError, match="row 4 has no known provision"):
        fit_paper_depth(provisions)
