import { createHash } from 'node:crypto';
import { invalidField } from '../errors.js';

/** The size of a page when none is asked for. */
export const defaultPageSize = 50;
/** The most a page holds; larger wishes mean this. */
export const maxPageSize = 1000;

/** A page to read: at most `limit` items after `after`, the key of the last item before it; null for the first page. */
export interface Page {
  limit: number;
  after: string | null;
}

/**
 * Reads `page_size` and `page_token`. `list` identifies what is listed, filters included
 * (`models/m/versions`): a token of another list is INVALID_FIELD.
 */
export function pageOf(request: { pageSize: number; pageToken: string }, list: string): Page {
  const { pageSize, pageToken } = request;
  if (!Number.isInteger(pageSize) || pageSize < 0) throw invalidField('page_size', pageSize, 'must be >= 0');
  const limit = pageSize === 0 ? defaultPageSize : Math.min(pageSize, maxPageSize);
  return { limit, after: pageToken === '' ? null : keyOfToken(pageToken, list) };
}

/** The token for what comes after `lastKey`; empty when `lastKey` is null, that is on the last page. */
export function nextPageToken(list: string, lastKey: string | null): string {
  if (lastKey === null) return '';
  return Buffer.from(`${checkOf(list, lastKey)}${lastKey}`).toString('base64url');
}

/**
 * Cuts what was read with `limit + 1` rows into the page and its next token.
 */
export function cutPage<Item>(
  items: readonly Item[],
  { limit }: Page,
  list: string,
  keyOf: (item: Item) => string,
): { items: Item[]; nextPageToken: string } {
  const page = items.slice(0, limit);
  const last = page.at(-1);
  const more = items.length > limit && last !== undefined;
  return { items: page, nextPageToken: nextPageToken(list, more ? keyOf(last) : null) };
}

function keyOfToken(token: string, list: string): string {
  const text = token.length <= 1024 ? Buffer.from(token, 'base64url').toString() : '';
  const key = text.slice(16);
  // Encoded again, because decoding ignores characters that do not belong.
  if (key === '' || nextPageToken(list, key) !== token) {
    throw invalidField('page_token', token, 'must be the next_page_token of the page before, of the same list');
  }
  return key;
}

function checkOf(list: string, key: string): string {
  return createHash('sha256').update(`${list}\0${key}`).digest('hex').slice(0, 16);
}
