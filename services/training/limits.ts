/** Bounds that are part of the contract or of this service's promises; what an operator may tune is in options.ts. */

/** The longest `display_name`, in characters. */
export const maxDisplayNameLength = 128;
/** The most steps of a recipe. */
export const maxSteps = 100;
/** The most columns a spec may name: as many as a person could mean, far below what a message can hold. */
export const maxFeatures = 10_000;
/** The most parameters an estimator may be given; more than any estimator has. */
export const maxParameters = 100;
/** The largest seed: the largest whole number that a double keeps exactly. */
export const maxSeed = Number.MAX_SAFE_INTEGER;
/** The largest share of rows held out for the final test. */
export const maxTestFraction = 0.9;
/** The share of rows held out when the spec says nothing. */
export const defaultTestFraction = 0.2;
/** The fewest and the most folds. */
export const minFolds = 2;
export const maxFolds = 100;
/** The folds when the spec says nothing. */
export const defaultFolds = 5;
/** The most distinct values of an integer column that is read as classes when no task is stated. */
export const maxInferredClasses = 20;
/** The most classes of a target: every prediction carries one probability per class. */
export const maxClasses = 1_000;
/** The most rows whose inputs and outputs travel in a model version to prove a faithful load. */
export const parityRowCount = 16;
/** The most cells of those rows, elements of tensors counted, beyond the first row: they travel as JSON. */
export const maxParityElements = 1_000_000;
/** How often each column is permuted to see how much it matters: the most, and what is not stated means. */
export const maxImportanceRepeats = 100;
export const defaultImportanceRepeats = 5;
/** Bytes per message when an artifact is uploaded. */
export const uploadChunkBytes = 512 * 1024;
/** Events read from the store at a time for one watcher: what a slow watcher may hold in memory. */
export const watchPageSize = 64;
/** The least advance of `JobProgress.fraction` that is worth an event: at most a hundred events per attempt. */
export const minProgressStep = 0.01;
/** The least time between two progress events of one stage, in milliseconds: short jobs write few. */
export const minProgressIntervalMs = 100;
/** How often a worker tells its parent that it lives, in milliseconds. */
export const heartbeatIntervalMs = 1_000;
/** The longest that reading a dataset version or uploading one file may take, in milliseconds. */
export const streamDeadlineMs = 3_600_000;
/** The longest that one other call to the data or registry service may take, in milliseconds. */
export const callDeadlineMs = 30_000;
/** The most entries of `job.spec.candidates`, and dimensions of one of them. */
export const maxCandidateEntries = 100;
export const maxDimensions = 20;
/** The most values that one dimension lists. */
export const maxListedValues = 1_000;
/** The most combinations one search scores. */
export const maxCandidates = 1_000;
/** How many combinations a search draws when it is not told. */
export const defaultRandomSamples = 20;
export const defaultHalvingSamples = 27;
export const defaultAutomaticSamples = 16;
/** By what the rounds of halving shrink, and the fewest training rows of a fold, when they are not told. */
export const defaultHalvingFactor = 3;
export const defaultHalvingRows = 100;
/** The most attempts that a job's own retry policy may ask for. */
export const maxAttemptsOfPolicy = 1_000;
/** The most reasons that a retry policy names. */
export const maxNonRetryableReasons = 20;
/** The most threads that a job may ask for. */
export const maxThreadsOfJob = 256;
/** The shortest heartbeat timeout: twice what a worker's sign of life takes. */
export const minHeartbeatTimeoutMs = 2_000;
/** The pauses between attempts when a retry policy does not say. */
export const defaultInitialIntervalMs = 1_000;
export const defaultBackoffCoefficient = 2;
export const defaultMaxIntervalMs = 60_000;
/** How often rows are divided anew, and the share of a holdout, when a spec does not say. */
export const defaultRepeats = 3;
export const maxRepeats = 100;
export const defaultHoldout = 0.2;
/** The most folds whose results are listed; of more, only what they give together. */
export const maxListedFolds = 200;
/** The largest snapshot of a fit on its way that is kept; a fit whose state is larger begins anew in the next attempt. */
export const maxSnapshotBytes = 512 * 1024 * 1024;
/** Bytes of it that are written at a time. */
export const snapshotChunkBytes = 4 * 1024 * 1024;
