#pragma once

#include <napi.h>

#include <cstddef>
#include <vector>

#include "../algorithms/column_view.h"
#include "../algorithms/view_features.h"

namespace tenon {

// Reads columns as native/recipe/column-views.ts packs them: info[first] is a list of typed arrays, info[first + 1]
// a Float64Array with, for each column, these numbers and then four for each of its scales. Every row is
// checked to be in its arrays. May run JavaScript before it looks at them: read other arrays afterwards.
enum ViewField : size_t {
  kValuesField,    // the array of values
  kValidityField,  // that of the validity, -1 for none
  kRowsField,      // that of the rows, -1 for none
  kElementsField,
  kIsNumberField,  // 0 or 1
  kHasAbsentField,
  kAbsentField,
  kOffsetField,  // the place of its first feature
  kWidthField,   // how many it has
  kScalesField,  // how many follow
  kViewFields
};

class ColumnViews {
 public:
  ColumnViews(const Napi::CallbackInfo& info, size_t first, size_t rows);

  std::vector<FeatureColumn> columns;

  // Refuses what is to be written where the columns are read: rows could change after they were checked.
  void refuse_overlap(Napi::Env env, const char* name, const void* data, size_t bytes) const;

 private:
  struct Bytes {
    const void* data;
    size_t size;
  };
  std::vector<Bytes> read_;
};

}  // namespace tenon
