/**
 * JSON with object keys in code-unit order and no white space, so that equal values give
 * equal bytes. Undefined members are left out; NaN and infinities are refused.
 */
export function canonicalJson(value: unknown): string {
  return orderedJson(value, (number) => {
    throw new RangeError(`${number} has no JSON form`);
  });
}

/**
 * The same for values that are only compared, such as requests: they may hold NaN and infinities, in fields that the
 * method does not look at too, and each of these differs from every other value.
 */
export function comparableJson(value: unknown): string {
  return orderedJson(value, (number) => ({ number: String(number) }));
}

function orderedJson(value: unknown, notFinite: (number: number) => unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member === 'number' && !Number.isFinite(member)) return notFinite(member);
    if (member === null || typeof member !== 'object' || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}
