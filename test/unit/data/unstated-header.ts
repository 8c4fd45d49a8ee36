import type { UploadDatasetHeader__Output } from '../../../proto/gen/tenon/data/v1/index.js';

/** The header of an upload of which its caller says nothing but where it goes. */
export const unstated: UploadDatasetHeader__Output = {
  dataset: 'datasets/d',
  format: 'FILE_FORMAT_UNSPECIFIED',
  badRows: 'BAD_ROW_POLICY_UNSPECIFIED',
  nullTexts: [],
  delimiter: '',
  columns: [],
  requestId: '',
  sha256: '',
  parts: [],
};
