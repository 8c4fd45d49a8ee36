// Bytes of delimited text.

// A bit in marks[w] for each of bytes[64 w] to bytes[64 w + 63] that is the delimiter, a line feed, a carriage
// return or a quote. Whether all bytes are ASCII without NUL.
static bool u8_mark(const uint8_t* bytes, size_t words, uint8_t delimiter, uint64_t* marks) noexcept {
  bool plain = true;
  for (size_t w = 0; w < words; ++w) {
    marks[w] = b_any_of(bytes + 64 * w, delimiter, '\n', '\r', '"');
    plain &= b_plain(bytes + 64 * w);
  }
  return plain;
}
