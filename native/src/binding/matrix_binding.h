#pragma once

#include <napi.h>

#include <memory>

#include "../operations/matrix.h"

namespace tenon {

// The JavaScript class NativeMatrix: a matrix copied into native memory, which long calls can
// read without JavaScript's moving or freeing it. A call holds its own share, so dispose() and
// garbage collection during one are harmless.
class NativeMatrix final : public Napi::ObjectWrap<NativeMatrix> {
 public:
  static constexpr napi_type_tag kTypeTag = {0x6c1f8a52b7de4e09, 0x9b3d27f1c5a84e66};

  explicit NativeMatrix(const Napi::CallbackInfo& info);
  void Finalize(Napi::Env env) override;

  // The matrix in a JavaScript value; throws a TypeError naming `name` if it is no NativeMatrix
  // or has been disposed of.
  static std::shared_ptr<Matrix> share(Napi::Env env, Napi::Value value, const char* name);

  // A JavaScript object that owns `matrix`.
  static Napi::Value wrap(Napi::Env env, std::shared_ptr<Matrix> matrix);

 private:
  friend void register_matrix(Napi::Env env, Napi::Object exports);
  Napi::Value row_count(const Napi::CallbackInfo& info);
  Napi::Value column_count(const Napi::CallbackInfo& info);
  Napi::Value copy_to(const Napi::CallbackInfo& info);
  Napi::Value dispose(const Napi::CallbackInfo& info);
  std::shared_ptr<Matrix> matrix_;
};

// NativeMatrix and the long calls over it: each returns a Promise and takes a TaskControl last.
void register_matrix(Napi::Env env, Napi::Object exports);

}  // namespace tenon
