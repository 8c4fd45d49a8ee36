// Every algorithm, over whatever simd.h was included before. Included once per instruction set,
// inside its namespace and target region; uses nothing from the standard library that is a
// template.
#include "streams.h"
#include "reduce.h"
#include "elementary.h"
#include "linear.h"
#include "transpose.h"
#include "dense.h"
#include "convolution.h"
#include "columns.h"
#include "gram.h"
#include "loss.h"
#include "activation.h"
#include "optimizers.h"
#include "int8.h"
#include "dense_int8.h"
#include "product_int8.h"
#include "search.h"
#include "prune.h"
#include "text.h"

static const KernelTable table = {
    kTableName, kTableDescription, kTableRequired,
#define TENON_KERNEL(name, result, parameters) name,
#include "../kernels.inc"
#undef TENON_KERNEL
    nullptr,
};
