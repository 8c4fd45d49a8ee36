// Passes over arrays larger than the caches.

// Fetches what a pass comes to a page later. The processor follows a stream by itself only up to the
// end of a page.
TENON_INLINE void fetch_ahead(const float* p) { prefetch(p + 1024); }
