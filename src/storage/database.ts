/**
 * One IndexedDB database with one object store, through idb-keyval, with errors as Bedside's own. Each kind of
 * record has a database to itself: idb-keyval never upgrades a database, so versions live inside the records.
 */
import { createStore, delMany, get, getMany, keys, promisifyRequest, type UseStore } from 'idb-keyval';
import { BedsideError } from '../engine/errors.ts';
import { inBytes, type Sentence, sentence } from '../engine/sentence.ts';
import { type BytesOfBlobs, blobsIn, readBlobs, withBlobs, withBytes } from './blob-bytes.ts';

export type DatabaseName =
  | 'bedside-weights'
  | 'bedside-chats'
  | 'bedside-settings'
  | 'bedside-image-features';

/** Blobs may be values, or fields of them. */
export interface Database {
  get(key: string): Promise<unknown>;
  getMany(keys: string[]): Promise<unknown[]>;
  keys(): Promise<string[]>;
  /** Every value whose key starts with `prefix`, in key order. */
  getByPrefix(prefix: string): Promise<unknown[]>;
  /** The same with their keys. */
  getEntriesByPrefix(prefix: string): Promise<[key: string, value: unknown][]>;
  /** All entries or none: one transaction. */
  setMany(entries: [key: string, value: unknown][]): Promise<void>;
  /** All keys or none: one transaction. */
  deleteMany(keys: string[]): Promise<void>;
  /** Every key that starts with `prefix`, those written by then included: one transaction. */
  deleteByPrefix(prefix: string): Promise<void>;
  /** Reads the records of `keys` and writes the entries that `change` makes of them, in one transaction; one of undefined is deleted. */
  update(keys: string[], change: (old: unknown[]) => [key: string, value: unknown][]): Promise<void>;
  /** Moves records to other keys, as they lie there, and writes entries like `update`: one transaction. What lies at a new key is replaced. */
  move(moves: readonly [from: string, to: string][], entries: [key: string, value: unknown][]): Promise<void>;
  clear(): Promise<void>;
}

export function openDatabase(name: DatabaseName): Database {
  // createStore opens nothing: the database is opened by the first call, so a browser without storage
  // fails there, with a typed error, and not while modules are being loaded.
  const store = openPatiently(createStore(name, 'records'));
  return {
    get: key => guard(async () => withBlobs(await get<unknown>(key, store))),
    getMany: wanted => guard(async () => (await getMany<unknown>(wanted, store)).map(withBlobs)),
    keys: () => guard(() => keys<string>(store)),
    getByPrefix: prefix =>
      guard(async () => {
        const range = startingWith(prefix);
        const values = await store('readonly', records => promisifyRequest<unknown[]>(records.getAll(range)));
        return values.map(withBlobs);
      }),
    setMany: entries =>
      guard(() =>
        withBytesWhereRefused(convert => store('readwrite', records => putAll(records, convert(entries)))),
      ),
    getEntriesByPrefix: prefix =>
      guard(() =>
        store('readonly', async records => {
          const entries: [string, unknown][] = [];
          // One transaction, in portions: the thread is free between them.
          for (let range = startingWith(prefix); ; ) {
            const [found, values] = await Promise.all([
              promisifyRequest(records.getAllKeys(range, portion)),
              promisifyRequest<unknown[]>(records.getAll(range, portion)),
            ]);
            for (const [index, key] of found.entries()) entries.push([String(key), withBlobs(values[index])]);
            if (found.length < portion) return entries;
            range = startingWith(prefix, String(found.at(-1)));
          }
        }),
      ),
    deleteMany: unwanted => guard(() => delMany(unwanted, store)),
    deleteByPrefix: prefix =>
      guard(() =>
        store('readwrite', records => {
          records.delete(startingWith(prefix));
          return promisifyRequest(records.transaction);
        }),
      ),
    update: (wanted, change) =>
      guard(() =>
        withBytesWhereRefused(convert =>
          store('readwrite', async records => {
            const old = await Promise.all(wanted.map(key => promisifyRequest<unknown>(records.get(key))));
            await putAll(records, convert(change(old.map(withBlobs))));
          }),
        ),
      ),
    move: (moves, entries) =>
      guard(() =>
        store('readwrite', async records => {
          const values = await Promise.all(
            moves.map(([from]) => promisifyRequest<unknown>(records.get(from))),
          );
          const left = moves.map(([from]): [string, unknown] => [from, undefined]);
          const moved = moves.map(([, to], index): [string, unknown] => [to, values[index]]);
          await putAll(records, [...left, ...moved, ...entries]);
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

/** Records read in one go: what they hold is copied into this thread in one task. */
const portion = 200;

/** `after`: those behind this key alone. */
const startingWith = (prefix: string, after?: string) =>
  IDBKeyRange.bound(after ?? prefix, `${prefix}\uffff`, after !== undefined);

/** Pauses before a database that could not be opened is tried again. */
const openPausesMs = [100, 500];

/**
 * Tries again where the browser could not open a database: after a crash, its own process may still hold the files. What the
 * browser refuses outright, as in private browsing, it refuses at once, and what failed in an open database is not repeated.
 */
function openPatiently(store: UseStore): UseStore {
  return async (mode, use) => {
    for (let failures = 0; ; failures++) {
      let isOpen = false;
      const using = store(mode, records => {
        isOpen = true;
        return use(records);
      });
      try {
        return await using;
      } catch (thrown) {
        const pauseMs = openPausesMs[failures];
        if (isOpen || pauseMs === undefined) throw thrown;
        await new Promise(resolve => setTimeout(resolve, pauseMs));
      }
    }
  };
}

/** idb-keyval's `setMany` commits the entries before one that cannot be cloned; this writes all or nothing. */
function putAll(records: IDBObjectStore, entries: [key: string, value: unknown][]): Promise<void> {
  try {
    for (const [key, value] of entries) {
      if (value === undefined) records.delete(key);
      else records.put(value, key);
    }
  } catch (thrown) {
    records.transaction.abort();
    throw thrown;
  }
  return promisifyRequest(records.transaction);
}

type Entries = [key: string, value: unknown][];

/** Runs one transaction that writes what `convert` makes of its entries. */
type WriteOnce = (convert: (entries: Entries) => Entries) => Promise<void>;

/** Writes with Blobs; where that fails and there were some, once more with their bytes. A full disk stays full. */
async function withBytesWhereRefused(write: WriteOnce): Promise<void> {
  let blobs: Blob[] = [];
  let bytes: BytesOfBlobs = new Map();
  // Entries are known within a transaction only, and there nothing may wait for a Blob to be read: what is written is noted.
  const attempt = () =>
    write(entries => {
      blobs = blobsIn(entries);
      return withBytes(entries, bytes);
    });
  try {
    await attempt();
  } catch (thrown) {
    const isFull = thrown instanceof Error && thrown.name === 'QuotaExceededError';
    if (isFull || blobs.length === 0) throw thrown;
    try {
      bytes = await readBlobs(blobs);
      await attempt();
    } catch {
      throw thrown;
    }
  }
}

async function guard<T>(run: () => Promise<T>): Promise<T> {
  try {
    // idb-keyval throws synchronously where `indexedDB` does not exist at all.
    return await run();
  } catch (thrown) {
    throw await storageError(thrown);
  }
}

async function storageError(thrown: unknown): Promise<Error> {
  if (thrown instanceof BedsideError) return thrown;
  // A record that cannot be cloned is a mistake of ours; telling the reader about private browsing would mislead.
  if (thrown instanceof Error && thrown.name === 'DataCloneError') return thrown;
  // By name as well: Chromium's quota errors come without a message.
  const cause = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : thrown;
  if (thrown instanceof Error && thrown.name === 'QuotaExceededError') {
    return storageFullError(await estimateStorage(), undefined, cause);
  }
  return new BedsideError(
    'storage-unavailable',
    sentence`browser-stores-nothing: This browser does not let Bedside store anything on this device.`,
    'Allow site data for this page, or leave private browsing where this browser stores nothing in it. Until then ' +
      'conversations are kept in this page only, and a model must be opened from a file.',
    cause,
  );
}

export interface StorageEstimate {
  usedBytes: number;
  quotaBytes: number;
}

/** What the browser says about this site's storage; undefined where it says nothing. */
export async function estimateStorage(): Promise<StorageEstimate | undefined> {
  // Node has no `navigator` and plain http has no `navigator.storage`, whatever the types promise.
  const storage = (globalThis.navigator as { storage?: StorageManager } | undefined)?.storage;
  try {
    const { usage, quota } = (await storage?.estimate()) ?? {};
    return usage === undefined || quota === undefined ? undefined : { usedBytes: usage, quotaBytes: quota };
  } catch {
    return undefined; // Only figures for a message: their absence must not hide the error being described.
  }
}

/** What Chromium reports as free wherever it does not tell: always the same, whatever the disk holds. */
const untoldBytes = 10 * 2 ** 30;

/** Undefined where the browser does not tell. */
export function freeBytes({ usedBytes, quotaBytes }: StorageEstimate): number | undefined {
  const free = quotaBytes - usedBytes;
  return free === untoldBytes ? undefined : free;
}

export function storageFullError(
  estimate: StorageEstimate | undefined,
  neededBytes: number | undefined,
  cause?: unknown,
): BedsideError {
  const needed =
    neededBytes === undefined
      ? ''
      : sentence`more-room-is-needed:  ${{ neededBytes: inBytes(neededBytes) }} more are needed.`;
  return new BedsideError(
    'storage-full',
    sentence`storage-is-full: There is not enough room on this device.${{ needed }}${{ usage: estimate ? usageOf(estimate) : '' }}`,
    'Delete a stored model or free some disk space, then try again: what was already stored is kept.',
    cause,
  );
}

function usageOf(estimate: StorageEstimate): Sentence {
  const usedBytes = inBytes(estimate.usedBytes);
  if (freeBytes(estimate) === undefined) return sentence`storage-used:  Bedside uses ${{ usedBytes }}.`;
  const quotaBytes = inBytes(estimate.quotaBytes);
  return sentence`storage-used-of-quota:  Bedside uses ${{ usedBytes }} of the ${{ quotaBytes }} that the browser allows.`;
}
