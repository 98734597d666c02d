import { expose } from 'comlink';
import { createWeightStore } from '../storage/create-weight-store.ts';
import { createFileLocks } from './library/file-locks.ts';
import { createLibraryApi } from './library/library-api.ts';
import { createWorkerNetwork } from './remote/network.ts';

// Plain http has no `navigator.locks`, whatever the types promise.
const { locks } = navigator as { locks?: LockManager };

expose(
  createLibraryApi({
    weights: createWeightStore(),
    network: createWorkerNetwork(),
    locks: createFileLocks(locks),
  }),
);
