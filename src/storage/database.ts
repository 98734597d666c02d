/**
 * One IndexedDB database with one object store, through idb-keyval, with errors as Bedside's own. Each kind of
 * record has a database to itself: idb-keyval never upgrades a database, so versions live inside the records.
 */
import { createStore, delMany, get, getMany, keys, promisifyRequest, setMany, type UseStore } from 'idb-keyval';
import { BedsideError } from '../engine/errors.ts';
import { describeBytes } from './byte-size.ts';

export type DatabaseName = 'bedside-weights' | 'bedside-chats' | 'bedside-settings';

export interface Database {
  get(key: string): Promise<unknown>;
  getMany(keys: string[]): Promise<unknown[]>;
  keys(): Promise<string[]>;
  /** Every value whose key starts with `prefix`, in key order. */
  getByPrefix(prefix: string): Promise<unknown[]>;
  /** All entries or none: one transaction. */
  setMany(entries: [key: string, value: unknown][]): Promise<void>;
  /** All keys or none: one transaction. */
  deleteMany(keys: string[]): Promise<void>;
  /** Reads and replaces one record in one transaction; nothing is written when `change` returns undefined. */
  update(key: string, change: (old: unknown) => unknown): Promise<void>;
  clear(): Promise<void>;
}

export function openDatabase(name: DatabaseName): Database {
  // createStore opens nothing: the database is opened by the first call, so a browser without storage
  // fails there, with a typed error, and not while modules are being loaded.
  const store: UseStore = createStore(name, 'records');
  return {
    get: key => guard(() => get<unknown>(key, store)),
    getMany: wanted => guard(() => getMany<unknown>(wanted, store)),
    keys: () => guard(() => keys<string>(store)),
    getByPrefix: prefix =>
      guard(() =>
        store('readonly', records =>
          promisifyRequest<unknown[]>(records.getAll(IDBKeyRange.bound(prefix, `${prefix}\uffff`))),
        ),
      ),
    setMany: entries => guard(() => setMany(entries, store)),
    deleteMany: unwanted => guard(() => delMany(unwanted, store)),
    update: (key, change) =>
      guard(() =>
        store('readwrite', async records => {
          const changed = change(await promisifyRequest<unknown>(records.get(key)));
          if (changed === undefined) return;
          records.put(changed, key);
          await promisifyRequest(records.transaction);
        }),
      ),
    clear: () =>
      guard(() =>
        store('readwrite', records => {
          records.clear();
          return promisifyRequest(records.transaction);
        }),
      ),
  };
}

async function guard<T>(run: () => Promise<T>): Promise<T> {
  try {
    // idb-keyval throws synchronously where `indexedDB` does not exist at all.
    return await run();
  } catch (thrown) {
    throw await storageError(thrown);
  }
}

async function storageError(thrown: unknown): Promise<BedsideError> {
  if (thrown instanceof BedsideError) return thrown;
  if (thrown instanceof Error && thrown.name === 'QuotaExceededError') {
    return storageFullError(await estimateStorage(), undefined, thrown);
  }
  return new BedsideError(
    'storage-unavailable',
    'This browser does not let Bedside store anything on this device.',
    'Leave private browsing or allow site data for this page, then reload it. Until then conversations are ' +
      'not kept, and a model must be opened from a file.',
    thrown,
  );
}

export interface StorageEstimate {
  usedBytes: number;
  quotaBytes: number;
}

/** What the browser says about this site's storage; undefined where it says nothing. */
export async function estimateStorage(): Promise<StorageEstimate | undefined> {
  // Node has no `navigator` and plain http has no `navigator.storage`, whatever the types promise.
  const storage = (globalThis.navigator as Navigator | undefined)?.storage as StorageManager | undefined;
  try {
    const { usage, quota } = (await storage?.estimate()) ?? {};
    return usage === undefined || quota === undefined ? undefined : { usedBytes: usage, quotaBytes: quota };
  } catch {
    return undefined; // Only figures for a message: their absence must not hide the error being described.
  }
}

export function storageFullError(
  estimate: StorageEstimate | undefined,
  neededBytes: number | undefined,
  cause?: unknown,
): BedsideError {
  const needed = neededBytes === undefined ? '' : ` ${describeBytes(neededBytes)} more are needed.`;
  const figures =
    estimate === undefined
      ? ''
      : ` Bedside uses ${describeBytes(estimate.usedBytes)} of the ${describeBytes(estimate.quotaBytes)} that the browser allows.`;
  return new BedsideError(
    'storage-full',
    `There is not enough room on this device.${needed}${figures}`,
    'Delete a stored model or free some disk space, then try again: what was already stored is kept.',
    cause,
  );
}
