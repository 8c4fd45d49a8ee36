// Exponential and logarithm, where the losses need them.

// e^x for x <= 0, within 2 units in the last place. Below -87 it stays at e^-87 (1.6e-38):
// results are then summed with numbers near 1. NaN stays NaN.
//
// x = n ln 2 + r with |r| <= ln 2 / 2. ln 2 is subtracted in two parts, the first with zeros at
// its end so that n times it is exact. e^r is its Taylor polynomial to r^7, whose remainder
// (0.35^8 / 8! = 5e-9) is below half a unit.
TENON_INLINE F f_exp_negative(F x) {
  x = f_max(f_set(-87.0f), x);
  const F n = f_round(f_mul(x, f_set(1.44269504f)));
  F r = f_fnma(n, f_set(0.693359375f), x);
  r = f_fnma(n, f_set(-2.12194440e-4f), r);
  F p = f_set(1.0f / 5040);
  p = f_fma(p, r, f_set(1.0f / 720));
  p = f_fma(p, r, f_set(1.0f / 120));
  p = f_fma(p, r, f_set(1.0f / 24));
  p = f_fma(p, r, f_set(1.0f / 6));
  p = f_fma(p, r, f_set(0.5f));
  p = f_fma(p, r, f_set(1.0f));
  p = f_fma(p, r, f_set(1.0f));
  return f_mul(p, f_pow2(n));
}

// ln(1 + u) for 0 <= u <= 1, within 4 units in the last place.
//
// With s = u / (2 + u), ln(1 + u) = 2 artanh(s) = 2 (s + s^3/3 + s^5/5 + ...), and s <= 1/3, so
// the terms fall by 9 each and the one left out, 2 s^17/17, is below 1e-9. Nothing cancels, even
// for the smallest u.
TENON_INLINE F f_log_one_plus(F u) {
  const F s = f_div(u, f_add(u, f_set(2.0f)));
  const F q = f_mul(s, s);
  F p = f_set(1.0f / 15);
  p = f_fma(p, q, f_set(1.0f / 13));
  p = f_fma(p, q, f_set(1.0f / 11));
  p = f_fma(p, q, f_set(1.0f / 9));
  p = f_fma(p, q, f_set(1.0f / 7));
  p = f_fma(p, q, f_set(1.0f / 5));
  p = f_fma(p, q, f_set(1.0f / 3));
  p = f_mul(p, q);
  const F twice = f_add(s, s);
  return f_fma(p, twice, twice);
}
