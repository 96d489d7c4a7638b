// Special functions in double precision.
#define _DEFAULT_SOURCE

#include <math.h>

#include "dlm_functions.h"

double dlm_special_lgamma(double x) {
  int sign;
  return lgamma_r(x, &sign);
}

// A start by Winitzki's formula, then Newton's method on whichever of erf and erfc keeps its digits.
double dlm_special_erf_inverse(double y) {
  if (!(y > -1 && y < 1)) return y == 1 ? INFINITY : y == -1 ? -INFINITY : NAN;
  if (y == 0) return y;
  double size = fabs(y), rest = 1 - size;
  double l = log(rest * (1 + size)), t = 2 / (M_PI * 0.147) + l / 2;
  double x = sqrt(sqrt(t * t - l / 0.147) - t);
  for (int i = 0; i < 4; i++) {
    double error = size < 0.5 ? erf(x) - size : rest - erfc(x);
    x -= error * (sqrt(M_PI) / 2) * exp(x * x);
  }
  return y < 0 ? -x : x;
}

// B(2k) / (2k)! for k = 1...8.
static const double bernoulli[] = {
    1.0 / 12,         -1.0 / 720,           1.0 / 30240,          -1.0 / 1209600,
    1.0 / 47900160.0, -691.0 / 1307674368000.0, 1.0 / 74724249600.0, -3617.0 / 10670622842880000.0,
};

// Below this a sum over the poles between would take too long to be worth it.
static const double lowest = -1e4;

// psi(x) = psi(x + 1) - 1 / x up to 12, then log x - 1 / 2x - sum of B(2k) / (2k x^2k).
static double digamma(double x) {
  double y = 0;
  for (; x < 12; x++) y -= 1 / x;
  y += log(x) - 0.5 / x;
  double power = 1, factorial = 1;
  for (int k = 1; k <= 8; k++) {
    power /= x * x;
    if (k > 1) factorial *= (2 * k - 2) * (2 * k - 1);
    y -= bernoulli[k - 1] * factorial * power;
  }
  return y;
}

// The sum of (x + i)^-s over all i, by Euler and Maclaurin from 12 + s on.
static double hurwitz(double s, double x) {
  double y = 0;
  for (; x < 12 + s; x++) y += pow(x, -s);
  double term = pow(x, -s);
  y += term * x / (s - 1) + term / 2;
  double factor = s;
  for (int k = 1; k <= 8; k++) {
    term /= k == 1 ? x : x * x;
    y += bernoulli[k - 1] * factor * term;
    factor *= (s + 2 * k - 1) * (s + 2 * k);
  }
  return y;
}

double dlm_special_polygamma(double order, double x) {
  if (x != x || order < 0 || order != floor(order) || x < lowest) return NAN;
  if (x == 0 && order == 0) return copysign(INFINITY, -x);
  if (x < 0 && x == floor(x)) return NAN;
  if (x == INFINITY) return order == 0 ? INFINITY : 0;
  if (order == 0) return digamma(x);
  double value = tgamma(order + 1) * hurwitz(order + 1, x);
  return fmod(order, 2) == 0 ? -value : value;
}
