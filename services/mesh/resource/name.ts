import { invalidField } from '../errors.js';

type ParametersOf<Format extends string> = Format extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParametersOf<Rest>
  : never;

/** The rule for ids that people choose. */
export const idRule = '1 to 63 characters of [a-z0-9-], starting with a letter';

/** Whether the value is an id: 1 to 63 characters of `[a-z0-9-]`, starting with a letter. */
export function isId(value: string): boolean {
  return /^[a-z][a-z0-9-]{0,62}$/.test(value);
}

/** Checks an id that stands alone, such as an alias. Returns it, or throws INVALID_FIELD. */
export function checkId(field: string, value: string): string {
  if (!isId(value)) throw invalidField(field, value, `must be ${idRule}`);
  return value;
}

/**
 * Takes a resource name apart: `parseName('datasets/{dataset}/versions/{version}', name, 'name')`
 * gives `{dataset, version}`. `{version}` is a counter from 1 without leading zeros, `{sha256}`
 * 64 lower-case hexadecimal digits, any other an id. Throws INVALID_FIELD with the format.
 */
export function parseName<const Format extends string>(
  format: Format,
  value: string,
  field: string,
): Record<ParametersOf<Format>, string> {
  const wanted = format.split('/');
  const given = value.length <= 512 ? value.split('/') : [];
  const parsed: Record<string, string> = {};
  const fits =
    wanted.length === given.length &&
    wanted.every((segment, index) => {
      const seen = given[index] ?? '';
      if (!segment.startsWith('{')) return segment === seen;
      const parameter = segment.slice(1, -1);
      parsed[parameter] = seen;
      return segmentFits(parameter, seen);
    });
  if (!fits) throw invalidField(field, value, `must have the format ${format}, ids being ${idRule}`);
  return parsed as Record<ParametersOf<Format>, string>;
}

function segmentFits(parameter: string, seen: string): boolean {
  if (parameter === 'version') return /^[1-9][0-9]{0,8}$/.test(seen);
  if (parameter === 'sha256') return /^[0-9a-f]{64}$/.test(seen);
  return isId(seen);
}
