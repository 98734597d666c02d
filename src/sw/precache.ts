/** One file of the application: its URL relative to the worker's scope and the hash it was built with. */
export interface PrecacheEntry {
  url: string;
  /** First 32 hexadecimal digits of the SHA-256. */
  revision: string;
}

/**
 * Cache names carry the scope: two copies of the site on one origin must not delete each other's files.
 * `scope` is the registration's absolute URL.
 */
export function cachePrefix(scope: string): string {
  return `bedside-shell ${new URL(scope).pathname} `;
}

/**
 * Fetches every file, checks it against its hash and stores all of them or none. A file from another release
 * (a deployment half-way, a stale proxy, a host that rewrites pages) fails the installation: the version in
 * use stays.
 */
export async function precacheAll(
  entries: readonly PrecacheEntry[],
  scope: string,
  cacheName: string,
): Promise<void> {
  const files = await Promise.all(entries.map(entry => fetchVerified(entry, scope)));
  try {
    const cache = await caches.open(cacheName);
    await Promise.all(files.map(({ url, response }) => cache.put(url, response)));
  } catch (error) {
    await caches.delete(cacheName);
    throw error;
  }
}

async function fetchVerified(
  entry: PrecacheEntry,
  scope: string,
): Promise<{ url: string; response: Response }> {
  const url = new URL(entry.url, scope).href;
  const response = await fetch(url, { cache: 'no-cache', credentials: 'same-origin' });
  if (!response.ok) throw new Error(`${entry.url}: HTTP ${response.status}`);
  const bytes = await response.arrayBuffer();
  const revision = await sha256Prefix(bytes, entry.revision.length);
  if (revision !== entry.revision) throw new Error(`${entry.url}: not the file that was built`);
  // Rebuilt, because a response that was redirected (index.html to ./) may not answer a navigation.
  return { url, response: new Response(bytes, { headers: response.headers }) };
}

async function sha256Prefix(bytes: ArrayBuffer, digits: number): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, byte => byte.toString(16).padStart(2, '0'))
    .join('')
    .slice(0, digits);
}

/**
 * Removes the files of earlier versions in this scope and resolves with whether there were any. A version that was
 * stored after this one is left alone. `keepsLast`: the version before this one stays, for the tabs that still run it.
 */
export async function deleteEarlierVersions(
  scope: string,
  cacheName: string,
  keepsLast: boolean,
): Promise<boolean> {
  // In the order in which they were created.
  const versions = (await caches.keys()).filter(name => name.startsWith(cachePrefix(scope)));
  const earlier = versions.slice(0, versions.indexOf(cacheName));
  const unwanted = keepsLast ? earlier.slice(0, -1) : earlier;
  await Promise.all(unwanted.map(name => caches.delete(name)));
  return earlier.length > 0;
}

/**
 * A file of another version that is still kept, for a tab that was opened with that version and now starts a worker
 * or opens a part of itself. Only where the name carries a hash of the content: any other name has one meaning a version.
 */
export async function findInOtherVersion(url: string, scope: string): Promise<Response | undefined> {
  if (!url.startsWith(new URL('assets/', scope).href)) return undefined;
  for (const cacheName of await caches.keys()) {
    if (!cacheName.startsWith(cachePrefix(scope))) continue;
    const found = await caches.match(url, { cacheName });
    if (found) return found;
  }
  return undefined;
}
