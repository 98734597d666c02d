import { BedsideError } from '../engine/errors.ts';
import { estimateStorage, freeBytes, storageFullError } from './database.ts';

/** Hours of download must not end in a full disk that could have been foreseen. Rejects with 'storage-full'. */
export async function checkRoom(neededBytes: number): Promise<void> {
  const estimate = await estimateStorage();
  if (!estimate) return;
  const free = freeBytes(estimate);
  if (free !== undefined && free < neededBytes) throw storageFullError(estimate, neededBytes);
}

/** A full disk, with how much is missing. */
export async function withMissingBytes(thrown: unknown, missingBytes: number): Promise<unknown> {
  if (!(thrown instanceof BedsideError) || thrown.code !== 'storage-full') return thrown;
  return storageFullError(await estimateStorage(), missingBytes, thrown.cause);
}
