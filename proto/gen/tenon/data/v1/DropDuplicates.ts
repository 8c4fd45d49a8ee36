// Original file: proto/tenon/data/v1/recipe.proto


/**
 * Leaves out repeated rows.
 */
export interface DropDuplicates {
}

/**
 * Leaves out repeated rows.
 */
export interface DropDuplicates__Output {
}
