// Original file: proto/tenon/data/v1/recipe.proto


/**
 * Divides by the largest absolute value of the training rows, so that they lie within
 * [-1, 1] and zero stays zero. A column of zeros stays as it is.
 */
export interface MaxAbs {
}

/**
 * Divides by the largest absolute value of the training rows, so that they lie within
 * [-1, 1] and zero stays zero. A column of zeros stays as it is.
 */
export interface MaxAbs__Output {
}
