#include "csv_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

#include "../kernels/table.h"
#include "../operations/buffer.h"
#include "../runtime/thread_pool.h"

namespace tenon {
namespace {

// Small enough that what a block holds stays in the cache until it is handed on.
constexpr size_t kPieceBytes = size_t{1} << 18;
constexpr size_t kPieces = 32;
// Bytes read at once; as many may stand before them, of a row that is not at its end.
constexpr size_t kBatchBytes = kPieces * kPieceBytes;
// Rows that types are first guessed from.
constexpr size_t kSampleBytes = size_t{1} << 16;

class InputFile {
 public:
  explicit InputFile(const std::string& path) : handle_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    struct stat about;
    if (handle_ < 0 || fstat(handle_, &about) != 0) {
      const int reason = errno;
      if (handle_ >= 0) close(handle_);
      throw std::system_error(reason, std::generic_category(), "the file cannot be read");
    }
    size_ = static_cast<uint64_t>(about.st_size);
  }
  ~InputFile() { close(handle_); }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  uint64_t size() const noexcept { return size_; }

  // 0, or why it failed.
  int read(uint8_t* to, size_t count, uint64_t offset) const noexcept {
    while (count > 0) {
      const ssize_t got = pread(handle_, to, count, static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return got == 0 ? EIO : errno;
      to += got;
      count -= static_cast<size_t>(got);
      offset += static_cast<uint64_t>(got);
    }
    return 0;
  }

 private:
  int handle_;
  uint64_t size_ = 0;
};

// The part of the file in memory: text()[begin()] to text()[end() - 1], of which whole rows are taken.
class Window {
 public:
  Window(const InputFile& file, uint64_t start, uint8_t delimiter)
      : file_(file), offset_(std::min(start, file.size())), delimiter_(delimiter),
        text_(2 * kBatchBytes + 64), marks_((2 * kBatchBytes + 64) / 64 + 1) {}

  const uint8_t* text() const noexcept { return text_.data(); }
  const uint64_t* marks() const noexcept { return marks_.data(); }
  size_t begin() const noexcept { return begin_; }
  size_t end() const noexcept { return end_; }
  uint64_t offset() const noexcept { return offset_; }
  // Whether the text goes to the file's end.
  bool last() const noexcept { return offset_ == file_.size(); }
  // Whether what is left before the next batch has room in front of it.
  bool full() const noexcept { return end_ - begin_ > kBatchBytes; }

  // Rows up to `at` are done with.
  void take(size_t at) noexcept { begin_ = at; }

  // Keeps what was not taken, which must not be more than a batch, and reads on.
  void advance() {
    const size_t left = end_ - begin_;
    const size_t first = kBatchBytes - left;
    std::memmove(text_.data() + first, text_.data() + begin_, left);
    const bool left_plain = plain_between(begin_, end_);
    begin_ = first;
    kernels().u8_mark(text_.data() + first / 64 * 64, (kBatchBytes - first / 64 * 64) / 64, delimiter_,
                      marks_.data() + first / 64);
    std::fill(plain_, plain_ + kPieces, left_plain);
    std::fill(quotes_, quotes_ + kPieces, true);
    const size_t count = static_cast<size_t>(std::min<uint64_t>(kBatchBytes, file_.size() - offset_));
    std::atomic<int> failure{0};
    ThreadPool::instance().parallel_for(count, kPieceBytes, [&](size_t from, size_t to) {
      uint8_t* const piece = text_.data() + kBatchBytes + from;
      if (const int reason = file_.read(piece, to - from, offset_ + from)) failure.store(reason);
      // The last word is whole, and plain.
      const size_t words = (to - from + 63) / 64;
      std::memset(piece + (to - from), ' ', words * 64 - (to - from));
      const size_t index = kPieces + from / kPieceBytes;
      plain_[index] = kernels().u8_mark(piece, words, delimiter_, marks_.data() + (kBatchBytes + from) / 64);
      quotes_[index] = std::memchr(piece, '"', to - from) != nullptr;
    });
    if (const int reason = failure.load()) {
      throw std::system_error(reason, std::generic_category(), "the file cannot be read to its end");
    }
    offset_ += count;
    end_ = kBatchBytes + count;
  }

  bool plain_between(size_t from, size_t to) const noexcept {
    for (size_t piece = from / kPieceBytes; piece * kPieceBytes < to; ++piece) {
      if (!plain_[piece]) return false;
    }
    return true;
  }
  bool quotes_in(size_t piece) const noexcept { return quotes_[piece]; }

 private:
  const InputFile& file_;
  uint64_t offset_;
  uint8_t delimiter_;
  Buffer<uint8_t> text_;
  Buffer<uint64_t> marks_;
  size_t begin_ = kBatchBytes;
  size_t end_ = kBatchBytes;
  // Of each piece of the text.
  bool plain_[2 * kPieces + 1] = {};
  bool quotes_[2 * kPieces + 1] = {};
};

// Where rows end, about a piece apart: the starts of blocks and the end of the last row. Only the first if none ends.
std::vector<size_t> cuts(const Window& window, uint8_t delimiter) {
  std::vector<size_t> found = {window.begin()};
  CsvScanner scanner(delimiter, 0);
  scanner.begin(window.begin(), 1);
  size_t row_end = window.begin();
  size_t at = window.begin();
  while (at < window.end()) {
    const size_t piece = at / kPieceBytes;
    const size_t to = std::min(window.end(), (piece + 1) * kPieceBytes);
    size_t from = at;
    if (!window.quotes_in(piece) && !scanner.in_quotes()) {
      // Every line feed ends a row.
      size_t feed = to;
      while (feed > at && window.text()[feed - 1] != '\n') --feed;
      if (feed > at) {
        row_end = from = feed;
        scanner.begin(feed, 1);
      }
    }
    scanner.scan(window.text(), window.marks(), from, to, [&](size_t, size_t next) {
      row_end = next;
      return true;
    });
    if (row_end > found.back()) found.push_back(row_end);
    at = to;
  }
  return found;
}

class Reader {
 public:
  Reader(const CsvOptions& options, TableSink& sink, TaskControl& control)
      : options_(options), sink_(sink), control_(control), file_(options.path) {}

  CsvResult run() {
    if (!pass() || control_.stopped()) return std::move(result_);
    const std::vector<CsvType> found = recognised();
    if (!failed()) {
      sink_.finish();
    } else {
      for (size_t c = 0; c < columns_.size(); ++c) columns_[c] = {found[c], columns_[c].asked, true};
      if (!pass() || control_.stopped()) return std::move(result_);
      sink_.finish();
    }
    result_.types = found;
    return std::move(result_);
  }

 private:
  // Reads the file once. Whether what was read means something.
  bool pass() {
    Window window(file_, options_.start, options_.rules.delimiter);
    const bool first = columns_.empty();
    result_ = CsvResult();
    line_ = 1;
    window.advance();
    if (!header(window)) return false;
    if (first) {
      ask();
      guess(window);
    }
    types_.assign(columns_.size(), kEveryType);
    has_values_.assign(columns_.size(), false);
    std::vector<CsvType> types;
    for (const CsvColumn& column : columns_) types.push_back(column.type);
    sink_.begin(types);
    for (;;) {
      if (control_.stopped()) return false;
      if (!batch(window)) return false;
      if (window.last()) return true;
      window.advance();
    }
  }

  // Reads the names. Whether there are columns.
  bool header(Window& window) {
    CsvScanner scanner(options_.rules.delimiter, options_.max_columns);
    scanner.begin(window.begin(), 1);
    bool found = false;
    const auto row = [&](size_t content_end, size_t next) {
      window.take(next);
      if (content_end == scanner.row_start()) return true;
      found = true;
      read_names(window, scanner, content_end);
      return false;
    };
    scanner.scan(window.text(), window.marks(), window.begin(), window.end(), row);
    if (!found && window.last()) {
      if (scanner.in_quotes()) {
        result_.unclosed_quote_line = scanner.quote_line();
        return false;
      }
      if (scanner.row_start() < window.end()) scanner.finish(window.end(), row);
    }
    line_ = scanner.line();
    if (!found) result_.endless_header = !window.last();
    return found && !result_.endless_header && !result_.names.empty();
  }

  void read_names(const Window& window, const CsvScanner& scanner, size_t content_end) {
    const size_t start = scanner.row_start();
    const size_t bytes = content_end - start;
    result_.header_line = scanner.row_line();
    result_.column_count = scanner.fields();
    if (bytes > 2 * options_.rules.max_row_bytes) {
      result_.endless_header = true;
      return;
    }
    CsvIssue issue;
    issue.line = scanner.row_line();
    issue.fault = scanner.fault();
    issue.field = scanner.fault_field();
    if (issue.fault == RowFault::kNone) {
      issue.fault = fault_of_bytes(window.text() + start, bytes);
      issue.field = 0;
    }
    if (issue.fault != RowFault::kNone) {
      ++result_.bad_rows;
      result_.issues.push_back(std::move(issue));
      return;
    }
    if (result_.column_count > options_.max_columns) return;
    std::string store;
    size_t begin = start;
    for (size_t c = 0; c < result_.column_count; ++c) {
      const size_t end = start + scanner.ends()[c];
      result_.names.emplace_back(unquoted_field(window.text(), begin, end, store));
      begin = end + 1;
    }
  }

  void ask() {
    columns_.assign(result_.names.size(), CsvColumn());
    for (const auto& [name, type] : options_.asked) {
      for (size_t c = 0; c < columns_.size(); ++c) {
        if (result_.names[c] == name) columns_[c] = {type, true, true};
      }
    }
  }

  // Types of the first rows.
  void guess(const Window& window) {
    size_t to = window.begin();
    CsvScanner scanner(options_.rules.delimiter, 0);
    scanner.begin(window.begin(), 1);
    scanner.scan(window.text(), window.marks(), window.begin(), std::min(window.end(), window.begin() + kSampleBytes),
                 [&](size_t, size_t next) {
                   to = next;
                   return true;
                 });
    CsvBlock sample;
    sample.read(options_.rules, columns_, window.text(), window.marks(), window.begin(), to, false, false);
    for (size_t c = 0; c < columns_.size(); ++c) {
      if (!columns_[c].asked && sample.has_values(c)) columns_[c] = {narrowest(sample.types(c)), false, true};
    }
  }

  // Reads the rows that end in the window. Whether to go on.
  bool batch(Window& window) {
    if (long_row_) {
      if (!end_long_row(window)) return false;
      if (long_row_) return true;
    }
    const std::vector<size_t> at = cuts(window, options_.rules.delimiter);
    const size_t before = window.begin();
    const bool tail = window.last() && at.back() < window.end();
    const size_t count = at.size() - 1 + (tail ? 1 : 0);
    if (blocks_.size() < count) blocks_.resize(count);
    ThreadPool::instance().parallel_for(count, 1, [&](size_t b, size_t) {
      const bool ends = b + 1 == at.size();
      const size_t to = ends ? window.end() : at[b + 1];
      blocks_[b].read(options_.rules, columns_, window.text(), window.marks(), at[b], to,
                      window.plain_between(at[b], to), ends);
    });
    if (!merge(count)) return false;
    window.take(tail ? window.end() : at.back());
    if (!failed() && count > 0) {
      const double part = static_cast<double>(window.begin() - before) / static_cast<double>(file_.size());
      sink_.add(blocks_, count, part);
    }
    if (!window.last() && window.full()) begin_long_row(window);
    return true;
  }

  bool merge(size_t count) {
    for (size_t b = 0; b < count; ++b) {
      const CsvBlock& block = blocks_[b];
      if (block.unclosed_quote_line() > 0) {
        result_.unclosed_quote_line = line_ - 1 + block.unclosed_quote_line();
        return false;
      }
      for (const CsvIssue& issue : block.issues()) {
        if (!describe(issue)) return false;
      }
      result_.rows += block.rows();
      result_.bad_rows += block.bad_rows();
      line_ += block.lines();
      for (size_t c = 0; c < columns_.size(); ++c) {
        if (!block.has_values(c) && block.types(c) == kEveryType) continue;
        types_[c] &= block.types(c);
        has_values_[c] = true;
      }
    }
    return true;
  }

  // Whether to go on.
  bool describe(CsvIssue issue) {
    if (result_.issues.size() < options_.rules.max_issues) {
      issue.line += line_ - 1;
      result_.issues.push_back(std::move(issue));
    }
    return !options_.stop_early || result_.issues.size() < options_.rules.max_issues;
  }

  // A row that no window holds is read for its end alone.
  void begin_long_row(Window& window) {
    long_row_ = std::make_unique<CsvScanner>(options_.rules.delimiter, 0);
    long_row_->begin(window.begin(), 1);
    long_row_->scan(window.text(), window.marks(), window.begin(), window.end(), [](size_t, size_t) { return true; });
    long_bytes_ = window.end() - window.begin();
    window.take(window.end());
  }

  // Looks for its end in the window. Whether to go on.
  bool end_long_row(Window& window) {
    bool ended = false;
    const auto row = [&](size_t content_end, size_t next) {
      ended = true;
      long_bytes_ += content_end - window.begin();
      window.take(next);
      return false;
    };
    const size_t begin = window.begin();
    long_row_->scan(window.text(), window.marks(), begin, window.end(), row);
    if (!ended && window.last()) {
      if (long_row_->in_quotes()) {
        result_.unclosed_quote_line = line_ - 1 + long_row_->quote_line();
        return false;
      }
      long_row_->finish(window.end(), row);
    }
    if (!ended) {
      long_bytes_ += window.end() - begin;
      window.take(window.end());
      return true;
    }
    CsvIssue issue;
    issue.line = 1;
    issue.fault = long_row_->fault();
    issue.field = long_row_->fault_field();
    const size_t expected = columns_.size();
    if (issue.fault == RowFault::kNone && long_row_->fields() != expected) {
      issue.fault = RowFault::kFieldCount;
      issue.field = std::min(long_row_->fields(), expected);
      issue.found = long_row_->fields();
      issue.bound = expected;
    } else if (issue.fault == RowFault::kNone) {
      issue.fault = RowFault::kRowBytes;
      issue.found = long_bytes_;
      issue.bound = options_.rules.max_row_bytes;
    }
    ++result_.bad_rows;
    const bool goes_on = describe(std::move(issue));
    line_ += long_row_->line() - 1;
    long_row_.reset();
    return goes_on;
  }

  // Whether a guess was wrong.
  bool failed() const noexcept {
    for (size_t c = 0; c < columns_.size(); ++c) {
      if (!columns_[c].asked && has_values_[c] && narrowest(types_[c]) != columns_[c].type) return true;
    }
    return false;
  }
  std::vector<CsvType> recognised() const {
    std::vector<CsvType> found;
    for (size_t c = 0; c < columns_.size(); ++c) {
      const CsvType recognised = has_values_[c] ? narrowest(types_[c]) : CsvType::kText;
      found.push_back(columns_[c].asked ? columns_[c].type : recognised);
    }
    return found;
  }

  const CsvOptions& options_;
  TableSink& sink_;
  TaskControl& control_;
  InputFile file_;
  CsvResult result_;
  std::vector<CsvColumn> columns_;
  std::vector<CsvBlock> blocks_;
  std::vector<CsvTypes> types_;
  std::vector<bool> has_values_;
  uint64_t line_ = 1;  // of the first row that was not merged
  std::unique_ptr<CsvScanner> long_row_;
  size_t long_bytes_ = 0;
};

}  // namespace

CsvResult read_csv(const CsvOptions& options, TableSink& sink, TaskControl& control) {
  return Reader(options, sink, control).run();
}

}  // namespace tenon
