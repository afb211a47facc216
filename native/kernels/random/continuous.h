// Continuous distributions that need a varying number of draws, by their parameters. Parameters outside of the domain
// give NaN; the API refuses them before they come here.
#pragma once
#include <limits>

#include "kernels/random/gamma.h"
#include "kernels/random/poisson.h"

namespace ndl::random {

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct GammaValues {
  using T = double;
  double shape;
  explicit GammaValues(const RandomParams& p) : shape(p.p[0]) {}
  T draw(ElementStream& stream) const { return shape >= 0 && shape < kInfinity ? draw_gamma(shape, stream) : kNaN; }
};

// Two gammas; when both shapes are small, Jöhnk's method (1964), in logarithms where its powers underflow.
struct BetaValues {
  using T = double;
  double a, b;
  explicit BetaValues(const RandomParams& p) : a(p.p[0]), b(p.p[1]) {}
  T draw(ElementStream& stream) const {
    if (!(a > 0 && a < kInfinity && b > 0 && b < kInfinity)) return kNaN;
    if (a > 1 || b > 1) {
      const double x = draw_gamma(a, stream);
      return x / (x + draw_gamma(b, stream));
    }
    for (;;) {
      const double log_x = exact_log(stream.unit_above_zero()) / a, log_y = exact_log(stream.unit_above_zero()) / b;
      const double x = exact_exp(log_x), y = exact_exp(log_y), sum = x + y;
      if (sum > 1) continue;
      if (x > 1e-290 || y > 1e-290) return x / sum;
      return 1 / (1 + exact_exp(log_y - log_x));
    }
  }
};

// A chi-square with one degree less plus a shifted normal's square; below one degree, a Poisson mixture.
struct NoncentralChisquare {
  using T = double;
  double df, nonc, root;
  explicit NoncentralChisquare(const RandomParams& p)
      : df(p.p[0]), nonc(p.p[1]), root(nonc > 0 ? __builtin_sqrt(nonc) : 0) {}
  T draw(ElementStream& stream) const {
    if (!(df > 0 && df < kInfinity && nonc >= 0 && nonc < 1e18)) return kNaN;
    if (nonc == 0) return 2 * draw_gamma(df / 2, stream);
    if (df > 1) {
      const double normal = draw_normal(stream) + root;
      return 2 * draw_gamma((df - 1) / 2, stream) + normal * normal;
    }
    const auto pairs = static_cast<double>(Poisson(nonc / 2).draw(stream));
    return 2 * draw_gamma(df / 2 + pairs, stream);
  }
};

// Best & Fisher, "Efficient simulation of the von Mises distribution", 1979.
struct Vonmises {
  using T = double;
  double kappa, s;
  explicit Vonmises(const RandomParams& p) : kappa(p.p[0]), s(0) {
    if (kappa < 1e-5) {
      s = 1 / kappa + kappa;  // the limit, where r - sqrt(2 r) cancels
    } else {
      const double r = 1 + __builtin_sqrt(1 + 4 * kappa * kappa);
      const double rho = (r - __builtin_sqrt(2 * r)) / (2 * kappa);
      s = (1 + rho * rho) / (2 * rho);
    }
  }
  T draw(ElementStream& stream) const {
    if (!(kappa >= 0)) return kNaN;
    if (kappa < 1e-8) return kPi * (2 * stream.unit() - 1);
    if (kappa > 1e6) {  // a normal, wrapped
      double angle = draw_normal(stream) / __builtin_sqrt(kappa);
      if (angle < -kPi) angle += 2 * kPi;
      return angle > kPi ? angle - 2 * kPi : angle;
    }
    for (;;) {
      const double z = cos_pi(stream.unit());
      double w = (1 + s * z) / (s + z);
      const double y = kappa * (s - w), v = stream.unit_above_zero();
      if (y * (2 - y) - v < 0 && exact_log(y / v) + 1 - y < 0) continue;
      w = w > 1 ? 1 : w < -1 ? -1 : w;
      const double angle = exact_acos(w);
      return (stream.word() >> 63) != 0 ? -angle : angle;
    }
  }
};

}  // namespace ndl::random
