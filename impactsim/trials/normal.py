"""The inverse of the standard normal distribution, of many probabilities at once.

Theory of operation. Algorithm AS 241, PPND16 (Wichura, 1988, Applied Statistics 37, 477-484): one rational function of
(p - 1/2)^2 in the middle 85%, two of the root of -log(p) in the tails; about 16 digits. The standard library's
`NormalDist.inv_cdf` is the same algorithm, so that the two differ by rounding only.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Numerator and denominator, highest power first.
_MIDDLE = (
    (
        2.5090809287301226727e3,
        3.3430575583588128105e4,
        6.7265770927008700853e4,
        4.5921953931549871457e4,
        1.3731693765509461125e4,
        1.9715909503065514427e3,
        1.3314166789178437745e2,
        3.3871328727963666080e0,
    ),
    (
        5.2264952788528545610e3,
        2.8729085735721942674e4,
        3.9307895800092710610e4,
        2.1213794301586595867e4,
        5.3941960214247511077e3,
        6.8718700749205790830e2,
        4.2313330701600911252e1,
        1.0,
    ),
)
_TAIL = (
    (
        7.74545014278341407640e-4,
        2.27238449892691845833e-2,
        2.41780725177450611770e-1,
        1.27045825245236838258e0,
        3.64784832476320460504e0,
        5.76949722146069140550e0,
        4.63033784615654529590e0,
        1.42343711074968357734e0,
    ),
    (
        1.05075007164441684324e-9,
        5.47593808499534494600e-4,
        1.51986665636164571966e-2,
        1.48103976427480074590e-1,
        6.89767334985100004550e-1,
        1.67638483018380384940e0,
        2.05319162663775882187e0,
        1.0,
    ),
)
_FAR_TAIL = (
    (
        2.01033439929228813265e-7,
        2.71155556874348757815e-5,
        1.24266094738807843860e-3,
        2.65321895265761230930e-2,
        2.96560571828504891230e-1,
        1.78482653991729133580e0,
        5.46378491116411436990e0,
        6.65790464350110377720e0,
    ),
    (
        2.04426310338993978564e-15,
        1.42151175831644588870e-7,
        1.84631831751005468180e-5,
        7.86869131145613259100e-4,
        1.48753612908506148525e-2,
        1.36929880922735805310e-1,
        5.99832206555887937690e-1,
        1.0,
    ),
)


def normal_quantiles(p: Floats) -> Floats:
    """Return the value of a standard normal variable that is not exceeded with each probability.

    Parameters
    ----------
    p
        In (0, 1), of any shape, contiguous.

    Returns
    -------
    NDArray
        float64, of the same shape.

    Examples
    --------
    >>> normal_quantiles(np.array([0.5, 0.95])).round(12).tolist()
    [0.0, 1.644853626951]
    """
    from_half = p - 0.5
    r = np.multiply(from_half, from_half)
    np.subtract(0.180625, r, out=r)
    z = _ratio(_MIDDLE, r)
    z *= from_half
    flat = z.reshape(-1)
    outside = np.flatnonzero(r < 0)
    flat[outside] = _tails(p.reshape(-1)[outside], from_half.reshape(-1)[outside])
    return z


def _tails(p: Floats, from_half: Floats) -> Floats:
    root = np.sqrt(-np.log(np.where(from_half < 0, p, 1 - p)))
    z = _ratio(_TAIL, root - 1.6)
    far = np.flatnonzero(root > 5)
    z[far] = _ratio(_FAR_TAIL, root[far] - 5)
    return np.copysign(z, from_half)


def _ratio(of: tuple[tuple[float, ...], tuple[float, ...]], x: Floats) -> Floats:
    above, below = (_polynomial(coefficients, x) for coefficients in of)
    above /= below
    return above


def _polynomial(coefficients: tuple[float, ...], x: Floats) -> Floats:
    total = np.multiply(x, coefficients[0])
    for coefficient in coefficients[1:-1]:
        total += coefficient
        total *= x
    total += coefficients[-1]
    return total
