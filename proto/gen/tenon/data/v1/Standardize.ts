// Original file: proto/tenon/data/v1/recipe.proto


/**
 * Scales to mean 0 and standard deviation 1 (divisor n). A constant column becomes 0. The
 * elements of a tensor column share one mean and one deviation, taken over all of them.
 */
export interface Standardize {
}

/**
 * Scales to mean 0 and standard deviation 1 (divisor n). A constant column becomes 0. The
 * elements of a tensor column share one mean and one deviation, taken over all of them.
 */
export interface Standardize__Output {
}
