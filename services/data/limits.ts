/** The longest row of a CSV file, JSON object, or row of texts in a Parquet file, in bytes. */
export const maxRowBytes = 2 * 1024 * 1024;
/** The longest column name, in characters (`tenon.common.v1.Column.name`). */
export const maxColumnNameLength = 128;
/** How many bad rows a version lists (`DatasetVersion.row_issues`). */
export const maxRowIssues = 100;
/** How many bad rows an error names before the file is given up. */
export const maxNamedBadRows = 10;
/** The most texts that may stand for null (`UploadDatasetHeader.null_texts`). */
export const maxNullTexts = 20;
/** The most array files of one upload (`UploadDatasetHeader.parts`). */
export const maxArrayParts = 100;
/** The most bytes one upload message may carry. */
export const maxChunkBytes = 1024 * 1024;
/** Rows per group of a stored table; readers take whole groups. */
export const rowGroupSize = 65_536;
