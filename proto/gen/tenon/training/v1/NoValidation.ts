// Original file: proto/tenon/training/v1/job.proto


/**
 * No validation.
 */
export interface NoValidation {
}

/**
 * No validation.
 */
export interface NoValidation__Output {
}
