"""The logarithm of the expected improvement, and the parts of the process that leads to it."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm, yeojohnson
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern

from hpsearch.search.sampling.improvement import log_improvement, uphill
from hpsearch.search.sampling.process import GaussianProcess, _likelihood
from hpsearch.search.sampling.sign_steps import SignSteps
from hpsearch.search.sampling.warping import _bent, _standard, warped

RNG = np.random.default_rng(0)
POINTS = RNG.random((14, 2))
TARGET = _standard(np.sin(5 * POINTS[:, 0]) + POINTS[:, 1])
NUMBERS = np.array([False, False])
THETA = np.log([0.4, 0.9, 1e-3])


@pytest.mark.parametrize("z", [-5.0, -1.5, -1.0, -0.5, 0.0, 2.0, 9.0])
def test_the_improvement_is_the_mean_of_what_lies_above_the_best(z):
    """An integral over the normal density gives the same number."""
    best, sd = 0.7, 0.2
    above = quad(lambda y: (y - best) * norm.pdf(y, best + z * sd, sd), best, best + 20 * sd, epsabs=0)[0]
    found = log_improvement(np.array([best + z * sd]), np.array([sd]), best)
    assert found[0] == pytest.approx(np.log(above), rel=1e-6)


def test_far_below_the_best_the_logarithm_is_finite_and_rises():
    """The improvement itself is zero in double precision from 40 deviations on; its logarithm is not."""
    z = -np.concatenate([np.linspace(100_000, 50, 400), np.linspace(49, 0.9, 400)])
    found = log_improvement(z, np.ones(800), 0.0)
    assert np.isfinite(found).all()
    assert (np.diff(found) > 0).all()
    # phi(z) / z**2, the leading term.
    assert found[0] == pytest.approx(-0.5 * 1e10 - 0.5 * np.log(2 * np.pi) - 2 * np.log(1e5))


def test_the_direction_has_the_signs_of_the_gradient():
    """Central differences of the log improvement of a process agree with it, near and far from the best."""
    process = GaussianProcess(points=POINTS, target=TARGET, choice=NUMBERS, theta=THETA)
    at, step = RNG.random((30, 2)), 1e-5

    def value(x, best):
        return log_improvement(*process.predict(x), best)

    for best in (0.0, 2.0, 9.0):
        direction = uphill(*process.slopes(at), best)
        for j in range(2):
            move = step * np.eye(2)[j]
            slope = (value(at + move, best) - value(at - move, best)) / (2 * step)
            steep = np.abs(slope) > 1e-3
            assert steep.sum() > 20
            assert (np.sign(slope[steep]) == np.sign(direction[steep, j])).all()


def test_predictions_are_scikit_learn_s():
    """Means and deviations, with the constant mean and the amplitude that the data make likeliest."""
    process = GaussianProcess(points=POINTS, target=TARGET, choice=NUMBERS, theta=THETA)
    mean, _, amplitude = process._solution
    kernel = ConstantKernel(amplitude**2) * Matern(np.exp(THETA[:2]), nu=2.5)
    theirs = GaussianProcessRegressor(kernel, alpha=1e-3 * amplitude**2, optimizer=None)
    theirs.fit(POINTS, TARGET - mean)
    at = RNG.random((20, 2))
    expected, sd = theirs.predict(at, return_std=True)
    found = process.predict(at)
    assert np.allclose(found[0], expected + mean)
    assert np.allclose(found[1], sd)
    assert np.allclose(process.fitted, process.predict(POINTS)[0])


def test_a_trial_under_way_makes_the_process_surer_and_moves_no_mean():
    """It counts with the mean that the process predicts there."""
    extra = np.array([[0.5, 0.5]])
    with_it = GaussianProcess(points=np.vstack([POINTS, extra]), target=TARGET, choice=NUMBERS, theta=THETA)
    without = GaussianProcess(points=POINTS, target=TARGET, choice=NUMBERS, theta=THETA)
    at = RNG.random((20, 2))
    assert np.allclose(with_it.predict(at)[0], without.predict(at)[0])
    assert (with_it.predict(at)[1] <= without.predict(at)[1] + 1e-12).all()
    assert with_it.predict(extra)[1] < 0.3 * without.predict(extra)[1]


def test_the_gradient_of_the_likelihood_is_its_derivative():
    """Central differences in every setting, the noise included."""
    squares = (POINTS[:, None] - POINTS[None]) ** 2
    gradient, step = _likelihood(THETA, squares, TARGET)[1], 1e-5
    for j in range(3):
        move = step * np.eye(3)[j]
        ends = [_likelihood(THETA + sign * move, squares, TARGET)[0] for sign in (1, -1)]
        assert gradient[j] == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-5)


def test_the_fit_finds_what_matters_and_how_much_noise_there_is():
    """A number without effect gets a long length; noise is near zero without it, and large with it."""
    points = RNG.random((60, 2))
    plain = np.sin(6 * points[:, 0])
    quiet = GaussianProcess.of(points, _standard(plain), choice=NUMBERS)
    noisy = GaussianProcess.of(points, _standard(plain + RNG.normal(0, 0.7, 60)), choice=NUMBERS)
    assert quiet.theta[1] > quiet.theta[0] + 1
    assert np.exp(quiet.theta[2]) < 1e-4
    assert np.exp(noisy.theta[2]) > 0.1


def test_steps_follow_from_signs_alone():
    """A gradient that is scaled or rounded gives the same steps; they grow on the way and shrink at turns."""
    steps, others = SignSteps(np.array([0.1, 0.1]), most=0.2), SignSteps(np.array([0.1, 0.1]), most=0.2)
    gradients = [np.array(g) for g in ([1.0, 1.0], [2.0, -1.0], [3.0, 0.0], [1.0, 5.0])]
    found = [steps.step(g).tolist() for g in gradients]
    assert found == [others.step(1e-6 * g).tolist() for g in gradients]
    assert np.allclose(found, [[0.1, 0.1], [0.15, -0.05], [0.2, 0.0], [0.2, 0.05]])


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0, 2.0, 3.0])
def test_the_power_transformation_is_yeo_and_johnson_s(power):
    """SciPy's function gives the same values."""
    z = np.linspace(-3, 3, 31)
    assert np.allclose(_bent(z, power), yeojohnson(z, power))


def test_values_are_bent_towards_a_normal_distribution():
    """A long tail of terrible values is pulled in, the order stays, and equal values give zeros."""
    values = -np.exp(RNG.normal(0, 2.5, 200))
    found = warped(values)
    assert np.array_equal(np.argsort(found), np.argsort(values))
    assert found.mean() == pytest.approx(0, abs=1e-9)
    assert found.std() == pytest.approx(1)
    assert found.min() > -4 > _standard(values).min()
    assert not warped(np.full(5, 0.1)).any()
