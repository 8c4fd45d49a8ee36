/** Bounds that are part of the contract or of this service's promises; what an operator may tune is in options.ts. */

/** The longest `display_name`, in characters. */
export const maxDisplayNameLength = 128;
/** The most rows of one Predict. */
export const maxRows = 100_000;
/** The most features of all rows of one Predict: 1 GiB. */
export const maxFeatures = 2 ** 28;
/** The most rows of one Explain, exactly and by sampling. */
export const maxExplainedRows = 10_000;
export const maxSampledRows = 1_000;
/** How many values GetPartialDependence gives a column: bounds, and what is not stated means. */
export const minGridSize = 2;
export const maxGridSize = 200;
export const defaultGridSize = 20;
/** The most features times rows that GetPartialDependence keeps: 64 MiB. */
export const maxKeptFeatures = 2 ** 24;
/** The most contributions of one Explain: 8 MB of answer. */
export const maxContributions = 1_000_000;
/** Up to so many rows are scored on the event loop: less than a turn through the thread pool costs. */
export const maxSyncRows = 64;
/** Up to such a cost of encoding, beyond the first row: about a millisecond. */
export const maxSyncCost = 65_536;
/** Rows that together take at most so many operations of the model: some milliseconds. */
export const maxSyncOperations = 2e8;
/** The largest file of a version that is kept as JSON: recipe, signature and parity rows. */
export const maxJsonBytes = 64 * 1024 * 1024;
/** Single-row predictions made before a version takes over, so that the first caller meets compiled code. */
export const warmUpPredictions = 200;
/** How long they may take together, in milliseconds. */
export const warmUpMs = 20;
/** How long one question to the registry may take, in milliseconds. */
export const registryDeadlineMs = 10_000;
/** How long one watch of a model lasts before it is opened anew, in milliseconds; below `rpc.max-deadline`. */
export const watchDeadlineMs = 30 * 60_000;
/** The first and the longest pause before the registry is tried again, in milliseconds. */
export const firstPauseMs = 100;
export const longestPauseMs = 10_000;
/** How soon a caller may ask again where no version is ready yet, in milliseconds. */
export const notReadyRetryMs = 500;
