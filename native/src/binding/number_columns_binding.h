#pragma once

#include <napi.h>

#include <memory>

namespace tenon {

struct NumberColumnsData;

// The JavaScript class NumberColumns: columns of numbers that are handed over part by part and then
// profiled, in memory that nothing else sees.
class NumberColumns final : public Napi::ObjectWrap<NumberColumns> {
 public:
  static constexpr napi_type_tag kTypeTag = {0x3d5e91c7a8f04b26, 0xa1c46e0f72d98b53};

  explicit NumberColumns(const Napi::CallbackInfo& info);
  ~NumberColumns() override;
  void Finalize(Napi::Env env) override;

 private:
  friend void register_number_columns(Napi::Env env, Napi::Object exports);
  Napi::Value append(const Napi::CallbackInfo& info);
  Napi::Value profile(const Napi::CallbackInfo& info);
  Napi::Value dispose(const Napi::CallbackInfo& info);
  // What is held, which the object then no longer holds.
  std::shared_ptr<NumberColumnsData> take(Napi::Env env);
  std::shared_ptr<NumberColumnsData> data_;
};

// NumberColumns.
void register_number_columns(Napi::Env env, Napi::Object exports);

}  // namespace tenon
