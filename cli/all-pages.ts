/**
 * All items of a list method, page after page.
 * @param fetch asks for one page and returns its items and the token of the next, empty on the last
 */
export async function allPages<T>(
  fetch: (page: { pageSize: number; pageToken: string }) => Promise<{ items: T[]; nextPageToken: string }>,
): Promise<T[]> {
  const all: T[] = [];
  for (let pageToken = ''; ; ) {
    const { items, nextPageToken } = await fetch({ pageSize: 1_000, pageToken });
    all.push(...items);
    if (nextPageToken === '') return all;
    pageToken = nextPageToken;
  }
}
