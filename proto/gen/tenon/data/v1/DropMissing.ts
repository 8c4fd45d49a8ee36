// Original file: proto/tenon/data/v1/recipe.proto


/**
 * Leaves out rows with nulls.
 */
export interface DropMissing {
}

/**
 * Leaves out rows with nulls.
 */
export interface DropMissing__Output {
}
