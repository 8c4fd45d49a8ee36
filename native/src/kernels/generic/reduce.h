// Sums over lanes. Lane i is added to lane i + half, then half of that, so the tree is the same
// on every instruction set.

typedef float Floats8 __attribute__((vector_size(32)));
typedef float Floats4 __attribute__((vector_size(16)));

// Vectors of the compiler's, so that each halving is one addition.
TENON_INLINE float f_sum(F x) {
  float v[16];
  f_store(v, x);
  Floats8 low, high;
  memcpy(&low, v, sizeof low);
  memcpy(&high, v + 8, sizeof high);
  low += high;
  Floats4 half[2];
  memcpy(half, &low, sizeof half);
  half[0] += half[1];
  return (half[0][0] + half[0][2]) + (half[0][1] + half[0][3]);
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
