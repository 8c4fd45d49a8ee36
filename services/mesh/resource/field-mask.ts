import { invalidField } from '../errors.js';

/**
 * The fields to change, in proto spelling. An absent or empty mask means all of `allowed`;
 * an unknown path is INVALID_FIELD at `update_mask.paths[i]`. Paths that arrive in camelCase,
 * as JSON clients write them, mean the same.
 */
export function fieldsToUpdate<const Field extends string>(
  mask: { paths?: readonly string[] } | null | undefined,
  allowed: readonly Field[],
  field = 'update_mask',
): ReadonlySet<Field> {
  const paths = mask?.paths ?? [];
  if (paths.length === 0) return new Set(allowed);
  return new Set(
    paths.map((path, index) => {
      const spelled = path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      const known = allowed.find((name) => name === spelled);
      if (known === undefined)
        throw invalidField(`${field}.paths[${index}]`, path, `must be one of ${allowed.join(', ')}`);
      return known;
    }),
  );
}
