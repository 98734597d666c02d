/** The browser's promise not to clear this site's storage by itself when the disk runs low. */

// Plain http has no `navigator.storage`, whatever the types promise.
const storage = (): StorageManager | undefined => (navigator as { storage?: StorageManager }).storage;

/** Null where the browser does not say. */
export async function isStoragePersistent(): Promise<boolean | null> {
  try {
    return (await storage()?.persisted()) ?? null;
  } catch {
    return null;
  }
}

/** On the reader's gesture: some browsers ask, others decide by how the site is used. */
export async function persistStorage(): Promise<boolean | null> {
  try {
    return (await storage()?.persist()) ?? null;
  } catch {
    return null;
  }
}
