#include <napi.h>

#include "binding/addon_data.h"
#include "binding/async_task.h"
#include "binding/boosting_binding.h"
#include "binding/csv_binding.h"
#include "binding/dense_binding.h"
#include "binding/forest_binding.h"
#include "binding/k_means_binding.h"
#include "binding/kernels_binding.h"
#include "binding/linear_binding.h"
#include "binding/linear_svm_binding.h"
#include "binding/matrix_binding.h"
#include "binding/naive_bayes_binding.h"
#include "binding/neighbors_binding.h"
#include "binding/network_binding.h"
#include "binding/number_columns_binding.h"
#include "binding/pca_binding.h"
#include "binding/pin_library.h"
#include "binding/recipe_binding.h"
#include "binding/row_reader_binding.h"
#include "binding/runtime_binding.h"
#include "binding/shap_binding.h"
#include "binding/shared_floats_binding.h"

static Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  tenon::pin_library();
  env.SetInstanceData(new tenon::AddonData());
  tenon::register_runtime(env, exports);
  tenon::register_tasks(env, exports);
  tenon::register_kernels(env, exports);
  tenon::register_matrix(env, exports);
  tenon::register_dense(env, exports);
  tenon::register_shared_floats(env, exports);
  tenon::register_csv(env, exports);
  tenon::register_number_columns(env, exports);
  tenon::register_forest(env, exports);
  tenon::register_boosting(env, exports);
  tenon::register_linear(env, exports);
  tenon::register_shap(env, exports);
  tenon::register_linear_svm(env, exports);
  tenon::register_naive_bayes(env, exports);
  tenon::register_k_means(env, exports);
  tenon::register_neighbors(env, exports);
  tenon::register_network(env, exports);
  tenon::register_pca(env, exports);
  tenon::register_recipe(env, exports);
  tenon::register_row_reader(env, exports);
  return exports;
}

NODE_API_MODULE(tenon, initialise)
