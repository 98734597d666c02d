/** What was found fastest on this device; only the engine's worker reads and writes it. */
import type { TuningRecord } from '../engine/types/tuning.ts';
import { type Database, openDatabase } from './database.ts';
import { readTuningRecord } from './read-tuning.ts';

export interface TuningStore {
  /** Undefined where there is none that can be read. */
  load(): Promise<TuningRecord | undefined>;
  save(record: TuningRecord): Promise<void>;
}

const key = 'tuning';

export function createTuningStore(database: Database = openDatabase('bedside-settings')): TuningStore {
  return {
    load: async () => readTuningRecord(await database.get(key)),
    save: record => database.setMany([[key, record]]),
  };
}
