import { createHash } from 'node:crypto';
import { shown, TenonError } from '../errors.js';
import { canonicalJson } from '../storage/canonical-json.js';

/** A short text that differs whenever the parts differ. Parts must be plain JSON. */
export function etagOf(parts: unknown): string {
  return createHash('sha256').update(canonicalJson(parts)).digest('base64url').slice(0, 22);
}

/** Throws ETAG_MISMATCH when `sent` is neither empty nor the current etag of the resource `name`. */
export function checkEtag(sent: string, current: string, name: string): void {
  if (sent === '' || sent === current) return;
  throw new TenonError({
    reason: 'ETAG_MISMATCH',
    message: `etag: ${shown(sent)} must be ${shown(current)}, the current etag of ${name}; read it again and retry`,
    facts: { field: 'etag', name, etag: current },
  });
}
