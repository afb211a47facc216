// The modified Bessel function of the first kind, order zero.
#include <cmath>

#include "kernels/map/loops.h"

namespace ndl {
namespace {

// I0(x) = sum over k of (x^2 / 4)^k / k!^2, all terms positive: for |x| <= 8 these are enough.
struct SeriesCoefficients {
  double c[24];
  constexpr SeriesCoefficients() : c{} {
    long double term = 1;
    for (int k = 0; k < 24; ++k) {
      c[k] = static_cast<double>(term);
      term /= static_cast<long double>(k + 1) * static_cast<long double>(k + 1);
    }
  }
};
constexpr SeriesCoefficients kSeries;

// sqrt(x) exp(-x) I0(x) for x >= 8 as a polynomial in 16 / x - 1: the Chebyshev interpolant at 24 nodes, computed with
// 60 digits; its relative error is below 2e-16.
constexpr double kTail[24] = {
    0.4021765094450081,     0.0033605519836678913,  0.00013621607438951463, 1.114303378845176e-05,
    1.4838476780922646e-06, 2.9735992084667734e-07, 8.872014585661555e-08,  3.932512321137824e-08,
    2.156780676115673e-08,  7.559364098665437e-09,  -6.856484545962442e-09, -1.3427511481900905e-08,
    -5.0175940345046716e-09, 7.600254486433509e-09, 6.522264862032271e-09,  -3.5862834111582305e-09,
    -4.5305710768621196e-09, 1.6084886155781772e-09, 2.163681278413876e-09, -6.327909921997027e-10,
    -6.494591114401118e-10, 1.7698085539456536e-10, 9.114760157514253e-11,  -2.4421972688131832e-11};

VecD polynomial(const double (&c)[24], VecD t) {
  VecD sum = broadcast<VecD>(c[23]);
  for (int k = 22; k >= 0; --k) sum = sum * t + c[k];
  return sum;
}

struct I0 {
  static VecD lanes(VecD argument) {
    const VecD x = abs(argument);
    const Mask<VecD> near = x <= broadcast<VecD>(8);
    const VecD small = polynomial(kSeries.c, near ? x * x * 0.25 : broadcast<VecD>(0));
    // exp in two halves: I0 is still finite where exp is not.
    const VecD far = near ? broadcast<VecD>(8) : x;
    const VecD half = NDL_SLEEF_D(exp, u10)(far * 0.5);
    VecD root = far;
    for (int i = 0; i < kLanes<VecD>; ++i) root[i] = std::sqrt(far[i]);
    const VecD large = half * (polynomial(kTail, 16.0 / far - 1.0) / root) * half;
    const VecD r = near ? small : large;
    return x == broadcast<VecD>(std::numeric_limits<double>::infinity()) ? x : r;
  }

  // float32 through float64, rounded once.
  static VecF lanes(VecF x) {
    VecF r{};
    for (int part = 0; part < kLanes<VecF>; part += kLanes<VecD>) {
      VecD wide{};
      for (int i = 0; i < kLanes<VecD>; ++i) wide[i] = static_cast<double>(x[part + i]);
      wide = lanes(wide);
      for (int i = 0; i < kLanes<VecD>; ++i) r[part + i] = static_cast<float>(wide[i]);
    }
    return r;
  }
};

}  // namespace

NDL_LOOPS(i0, I0)

}  // namespace ndl
