/**
 * JSON with object keys in code-unit order and no white space, so that equal values give
 * equal bytes. Undefined members are left out; NaN and infinities are refused.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member === 'number' && !Number.isFinite(member)) throw new RangeError(`${member} has no JSON form`);
    if (member === null || typeof member !== 'object' || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}
