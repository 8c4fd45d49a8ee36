// Original file: proto/tenon/training/v1/job.proto


/**
 * Leaves out one row at a time.
 */
export interface LeaveOneOut {
}

/**
 * Leaves out one row at a time.
 */
export interface LeaveOneOut__Output {
}
