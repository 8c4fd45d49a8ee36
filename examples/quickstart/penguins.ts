import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The columns of the table, in file order. */
const columns = [
  'species',
  'island',
  'bill_length_mm',
  'bill_depth_mm',
  'flipper_length_mm',
  'body_mass_g',
  'sex',
] as const;

/**
 * The Palmer penguins as a raw CSV file: 344 birds, missing measurements as empty fields, and
 * one bird whose sex was noted as `.`. Nothing is cleaned here: that is the recipe's work.
 */
export function penguinsCsv(): string {
  // The package exports functions that fetch; the file itself lies beside its build folder.
  const entry = createRequire(import.meta.url).resolve('vega-datasets');
  const file = join(dirname(dirname(entry)), 'data', 'penguins.json');
  const birds = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string | number | null>[];
  const lines = birds.map((bird) => Object.values(bird).map((value) => value ?? ''));
  return `${[columns, ...lines].map((fields) => fields.join(',')).join('\n')}\n`;
}
