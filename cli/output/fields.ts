/** Fields of requests, and what a person wrote to fill them; the first that fits counts. */
const flags: readonly (readonly [field: RegExp, flag: string])[] = [
  [/^job\.spec\.dataset_version$/, 'dataset'],
  [/^job\.spec\.(target|features|recipe|model|alias|seed)/, '--$1'],
  [/^job\.spec\.test_fraction/, '--test-fraction'],
  [/^job\.spec\.estimator\.parameters(?:\["?([^"\]]*)"?\])?/, '--param $1'],
  [/^job\.spec\.estimator(?:\.estimator)?/, '--estimator'],
  [/^job\.spec\.validation.*/, '--folds'],
  [/^job\.spec\.permutation_importance.*/, '--importance'],
  [/^header\.dataset$/, '--name'],
  [/^header\.null_texts/, '--null-text'],
  [/^row_count$/, '--rows'],
  [/^deployment\.name$/, '--name'],
  [/^deployment\.(alias|version)$/, '--$1'],
];

/** The field of a request in the words of the command line: `job.spec.target` → `--target`. */
export function fieldForPeople(field: string): string {
  const row = /^records\[(\d+)\](?:\.fields\["(.*)"\])?$/.exec(field);
  if (row !== null) {
    const [, index, column] = row;
    return column === undefined ? `row ${Number(index) + 1}` : `row ${Number(index) + 1}, ${column}`;
  }
  for (const [pattern, flag] of flags) {
    if (pattern.test(field)) return field.replace(pattern, flag).trim();
  }
  return field;
}
