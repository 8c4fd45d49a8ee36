// Sums over lanes. Lane i is added to lane i + half, then half of that, so the tree is the same
// on every instruction set.

TENON_INLINE float f_sum(F x) {
  float v[16];
  f_store(v, x);
  for (int half = 8; half > 0; half /= 2) {
    for (int i = 0; i < half; ++i) v[i] += v[i + half];
  }
  return v[0];
}

TENON_INLINE double d_sum(D x) {
  double v[8];
  d_store(v, x);
  for (int half = 4; half > 0; half /= 2) {
    for (int i = 0; i < half; ++i) v[i] += v[i + half];
  }
  return v[0];
}

TENON_INLINE float f_highest(F x) {
  float v[16];
  f_store(v, x);
  float best = v[0];
  for (int i = 1; i < 16; ++i) best = best > v[i] ? best : v[i];
  return best;
}
