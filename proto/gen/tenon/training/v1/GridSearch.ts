// Original file: proto/tenon/training/v1/search.proto


/**
 * Every combination of the listed values, candidate after candidate; at most 1,000.
 */
export interface GridSearch {
}

/**
 * Every combination of the listed values, candidate after candidate; at most 1,000.
 */
export interface GridSearch__Output {
}
