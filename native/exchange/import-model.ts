import { unparsable } from './exchange-error.js';
import { importLightgbm } from './import-lightgbm.js';
import { importOnnx } from './import-onnx.js';
import { importXgboost } from './import-xgboost.js';
import type { ImportedModel } from './imported-model.js';
import { JsonReader } from './json-reader.js';

export { ExchangeError } from './exchange-error.js';
export type { FeatureStep, ImportedModel } from './imported-model.js';

/** A format that models are read from. */
export type ImportFormat = 'xgboost-json' | 'lightgbm-text' | 'onnx';

/** The largest file that is read: what JavaScript can hold as one text. */
export const maxImportBytes = 2 ** 29 - 2 ** 10;

/** The format of a file, by its first bytes. Throws ExchangeError UNPARSABLE_FILE for an unknown one. */
export function formatOf(bytes: Uint8Array): ImportFormat {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 64));
  if (/^\s*\{\s*"/.test(head)) return 'xgboost-json';
  if (/^tree\r?\n/.test(head)) return 'lightgbm-text';
  // ir_version, the first field of nearly every .onnx file; else the producer or the graph.
  if (bytes[0] === 0x08 || bytes[0] === 0x12 || bytes[0] === 0x3a) return 'onnx';
  if (/^\{L|^\{i/.test(head)) {
    throw unparsable('file', 'UBJSON', 'must be XGBoost JSON: save the model under a name that ends in .json');
  }
  const shown = head.slice(0, 16);
  throw unparsable('file', shown, 'is no beginning of XGBoost JSON, LightGBM text or ONNX');
}

/**
 * Reads a model of another library, of any origin. Throws ExchangeError: UNPARSABLE_FILE for bytes that are no file of
 * their format, INVALID_FIELD for a model that has no form here; both name the place.
 */
export function importModel(bytes: Uint8Array): ImportedModel {
  if (bytes.length > maxImportBytes) throw unparsable('file', bytes.length, `bytes must be at most ${maxImportBytes}`);
  const format = formatOf(bytes);
  if (format === 'onnx') return importOnnx(bytes);
  const text = textOf(bytes);
  if (format === 'lightgbm-text') return importLightgbm(text);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw unparsable('file', error instanceof Error ? error.message : '', 'must be JSON');
  }
  return importXgboost(new JsonReader(json, ''));
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unparsable('file', bytes.length, 'bytes must be UTF-8');
  }
}
