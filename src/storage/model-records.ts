/** Models that the reader added to the library: what they are made of and which kind of model they are. */
import { type Database, openDatabase } from './database.ts';
import { isRawObject } from './raw-object.ts';

/** A file of a model: where it comes from and under which key it is stored. */
export interface ModelFileRecord {
  /** The weight store's key. */
  id: string;
  /** '' of a file that was copied from this device. */
  url: string;
  name: string;
  bytes?: number;
  /** SHA-256 (hex) of the whole file, where the reader knows it. */
  sha256?: string;
  /** Of a file that came with a description. */
  chunkBytes?: number;
  chunkSha256?: string[];
}

/** A checkpoint on a server, converted while it is fetched. */
export interface CheckpointRecord {
  /** Absolute URL of the folder that holds config.json; ends with '/'. */
  url: string;
  /** Of the matrices of the language model. */
  type: 'Q4_0' | 'Q8_0' | 'F16';
}

export interface ModelRecord {
  v: 2;
  id: string;
  name: string;
  /** The catalogue's entry of the kind of model: it says how questions are put to it. */
  entryId: string;
  /** One file, or in order the parts that it was split into. */
  text: ModelFileRecord[];
  /** The image half of a model of two. */
  vision?: ModelFileRecord[];
  /** What the files are made from, where they are not fetched as they are. */
  checkpoint?: CheckpointRecord;
  /** Milliseconds since 1970. */
  addedAt: number;
  /** It was being fetched when the page was last heard of, and is to go on when it is back. */
  isFetching?: boolean;
}

export interface ModelRecordStore {
  /** In the order in which they were added. What this version cannot read is left alone. */
  listRecords(): Promise<ModelRecord[]>;
  saveRecord(record: ModelRecord): Promise<void>;
  /** Whether a model is being fetched; of one that was deleted meanwhile nothing is written. */
  noteFetching(id: string, isFetching: boolean): Promise<void>;
  deleteRecord(id: string): Promise<void>;
}

const prefix = 'model/';

export function createModelRecordStore(
  database: Database = openDatabase('bedside-settings'),
): ModelRecordStore {
  return {
    async listRecords() {
      const records = (await database.getByPrefix(prefix)).map(migrateRecord).filter(isModelRecord);
      return records.sort((a, b) => a.addedAt - b.addedAt);
    },
    saveRecord: record => database.setMany([[prefix + record.id, record]]),
    noteFetching: (id, isFetching) =>
      database.update([prefix + id], ([old]) => {
        const record = migrateRecord(old);
        return isModelRecord(record) ? [[prefix + id, { ...record, isFetching }]] : [];
      }),
    deleteRecord: id => database.deleteMany([prefix + id]),
  };
}

/** Version 1 knew one file a half. */
function migrateRecord(record: unknown): unknown {
  if (!isRawObject(record) || record.v !== 1) return record;
  const { text, vision } = record;
  return { ...record, v: 2, text: [text], ...(vision === undefined ? {} : { vision: [vision] }) };
}

function isModelRecord(record: unknown): record is ModelRecord {
  return (
    isRawObject(record) &&
    record.v === 2 &&
    [record.id, record.name, record.entryId].every(text => typeof text === 'string') &&
    typeof record.addedAt === 'number' &&
    isHalf(record.text) &&
    (record.vision === undefined || isHalf(record.vision)) &&
    (record.checkpoint === undefined || isCheckpoint(record.checkpoint))
  );
}

const isHalf = (files: unknown): boolean =>
  Array.isArray(files) && files.length > 0 && files.every(isFileRecord);

const isCheckpoint = (checkpoint: unknown): boolean =>
  isRawObject(checkpoint) &&
  typeof checkpoint.url === 'string' &&
  ['Q4_0', 'Q8_0', 'F16'].some(type => type === checkpoint.type);

function isFileRecord(file: unknown): file is ModelFileRecord {
  return (
    isRawObject(file) &&
    [file.id, file.url, file.name].every(text => typeof text === 'string') &&
    (file.bytes === undefined || Number.isSafeInteger(file.bytes)) &&
    (file.sha256 === undefined || typeof file.sha256 === 'string') &&
    (file.chunkBytes === undefined || Number.isSafeInteger(file.chunkBytes)) &&
    (file.chunkSha256 === undefined ||
      (Array.isArray(file.chunkSha256) && file.chunkSha256.every(hash => typeof hash === 'string')))
  );
}
