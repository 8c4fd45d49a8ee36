// Passes over arrays larger than the caches.

// Fetches what a pass comes to a page later. The processor follows a stream by itself only up to the
// end of a page.
TENON_INLINE void fetch_ahead(const float* p) { prefetch(p + 1024); }

// The same for one of several arrays that a pass goes through side by side, numbered from 0. They begin
// at the same place of a page as a rule, and lines at the same place hinder each other: each array is
// looked ahead in further than the one before.
template <size_t Array>
TENON_INLINE void fetch_side_by_side(const float* p) {
  prefetch(p + 256 + 128 * Array);
}
