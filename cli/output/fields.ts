/** Fields of requests, and what a person wrote to fill them; the first that fits counts. */
const flags: readonly (readonly [field: RegExp, flag: string])[] = [
  [/^job\.spec\.dataset_version$/, 'dataset'],
  [/^job\.spec\.(target|features|recipe|model|alias|seed)/, '--$1'],
  [/^job\.spec\.test_fraction/, '--test-fraction'],
  [/^job\.spec\.estimator\.parameters(?:\["?([^"\]]*)"?\])?/, '--param $1'],
  [/^job\.spec\.estimator(?:\.estimator)?/, '--estimator'],
  [/^job\.spec\.validation.*\.folds$/, '--folds'],
  [/^job\.spec\.validation.*/, '--validation'],
  [/^job\.spec\.(task|metric)$/, '--$1'],
  [/^job\.spec\.weight_column/, '--weight-column'],
  [/^job\.spec\.candidates\[0\]\.space.*/, '--vary'],
  [/^job\.spec\.candidates\[0\]\.estimator\.parameters(?:\["?([^"\]]*)"?\])?/, '--param $1'],
  [/^job\.spec\.candidates\[0\]\.estimator(?:\.estimator)?/, '--estimator'],
  [/^job\.spec\.search\.budget\.max_seconds/, '--budget-seconds'],
  [/^job\.spec\.search.*/, '--candidates'],
  [/^(?:job\.spec\.)?limits\.max_memory_bytes/, '--memory'],
  [/^(?:job\.spec\.)?limits\.max_threads/, '--threads'],
  [/^(?:job\.spec\.)?limits\.schedule_to_close_timeout/, '--timeout'],
  [/^model_version$/, 'version'],
  [/^max_loss$/, '--max-loss'],
  [/^metric$/, '--metric'],
  [/^methods(?:\[\d+\])?/, '--method'],
  [/^evaluation_dataset_version/, '--dataset'],
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
