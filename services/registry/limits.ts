/** The longest display name, in characters (`Model.display_name`). */
export const maxDisplayNameLength = 128;
/** The longest description of a model or version, in characters. */
export const maxDescriptionLength = 4096;
/** The most files of a version (`ModelVersion.files`). */
export const maxFiles = 100;
/** The longest path of a file inside a version, in characters (`ArtifactFile.path`). */
export const maxFilePathLength = 128;
/** The most metrics of a version. */
export const maxMetrics = 1000;
/** The most input columns of a signature. */
export const maxColumns = 10_000;
/** The longest column or metric name, in characters. */
export const maxNameLength = 128;
/** The most categories of a column, and the most classes of a signature. */
export const maxCategories = 10_000;
/** The longest category or class, in characters. */
export const maxCategoryLength = 65_536;
/** The longest `Lineage.parameters_json`, in characters. */
export const maxParametersLength = 65_536;
/** The longest release name in a lineage, in characters. */
export const maxReleaseLength = 64;
/** The largest manifest of a version, in characters of its canonical JSON. */
export const maxManifestLength = 4 * 1024 * 1024;
/** A page of versions ends early once its manifests have this many characters. */
export const maxVersionPageLength = 16 * 1024 * 1024;
/** The most bytes of one part of an artifact, in and out. */
export const maxChunkBytes = 1024 * 1024;
/** The alias that PromoteModelVersion and RollbackAlias mean when none is named. */
export const defaultAlias = 'production';
/** The most dimensions and elements of one value of a tensor column (`tenon.common.v1.TensorType`). */
export const maxTensorDimensions = 8;
export const maxTensorElements = 1_048_576;
