/** Models that the reader added to the library: what they are made of, what they say that they are, and how they are asked. */
import type { TemplateChoice } from '../engine/templates/template-ids.ts';
import type { ModelIdentity } from '../engine/types/model-identity.ts';
import { type Quantisation, quantisations } from '../engine/types/quantisation.ts';
import { type Database, openDatabase } from './database.ts';
import { modelIdentity, templateChoice } from './identity-fields.ts';
import { isRawObject, type RawObject } from './raw-object.ts';
import {
  type Condition,
  conditionOf,
  count,
  type FieldReader,
  type FieldReaders,
  flag,
  listOf,
  objectOf,
  oneOf,
  readFields,
  text,
  time,
} from './record-fields.ts';

export const modelRecordVersion = 3;

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
  type: Quantisation;
}

export interface ModelRecord {
  v: typeof modelRecordVersion;
  id: string;
  name: string;
  /**
   * The catalogue's entry that the reader chose for it, or from whose checkpoint it was made: it says how questions are put to it
   * where its identity is not known. Absent of a file that is nothing but what it says itself.
   */
  entryId?: string;
  /** What its language half says; absent of what earlier versions stored, and as long as no file is here. */
  identity?: ModelIdentity;
  /** The same of its image half. */
  visionIdentity?: ModelIdentity;
  /** How it is asked, where its files or the reader say so. */
  template?: TemplateChoice;
  /** False of a template that knows a single question. */
  includeHistory?: boolean;
  /** The system message that the reader wants it to have. */
  system?: string;
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
  /** Of what was read, never stored: it cannot be used, and has no files here. */
  condition?: Condition;
}

export interface ModelRecordStore {
  /** In the order in which they were added; what this version cannot read with its condition, and as it is in the store. */
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
      const entries = await database.getEntriesByPrefix(prefix);
      const records = entries.map(([key, record]) => readRecord(record, key.slice(prefix.length)));
      return records.sort((a, b) => a.addedAt - b.addedAt);
    },
    saveRecord: record => database.setMany([[prefix + record.id, record]]),
    noteFetching: (id, isFetching) =>
      database.update([prefix + id], ([old]) => {
        const record = old === undefined ? undefined : readRecord(old, id);
        return record && !record.condition ? [[prefix + id, { ...record, isFetching }]] : [];
      }),
    deleteRecord: id => database.deleteMany([prefix + id]),
  };
}

/**
 * Reads a stored record of any version. One that does not say which files it is about is listed all the same, without files, so
 * that it can be deleted. What its files are shows, where it does not say it, once they are here.
 */
function readRecord(record: unknown, id: string): ModelRecord {
  const raw = migrate(isRawObject(record) ? record : {});
  const { fields, unreadable } = readFields<RecordFields>(raw, recordFields);
  const { name = fields.text?.[0]?.name ?? id, text: files = [], addedAt = 0, ...others } = fields;
  const decisive: (keyof RecordFields)[] = [
    'entryId',
    'text',
    'vision',
    'checkpoint',
    'template',
    'includeHistory',
    'system',
  ];
  const isWhole = files.length > 0 && !decisive.some(field => unreadable.includes(field));
  const condition = conditionOf(raw, modelRecordVersion, isWhole);
  const v = modelRecordVersion;
  if (condition) return { v, id, name, text: [], addedAt, condition };
  return { v, id, name, text: files, addedAt, ...others };
}

/** Version 1 knew one file a half; until version 2 a file was what the reader had called it, which stays. */
function migrate(record: RawObject): RawObject {
  if (record.v === 2) return { ...record, v: modelRecordVersion };
  if (record.v !== 1) return record;
  const { text, vision } = record;
  return {
    ...record,
    v: modelRecordVersion,
    text: [text],
    ...(vision === undefined ? {} : { vision: [vision] }),
  };
}

const file = objectOf<ModelFileRecord>(
  {
    id: text,
    url: text,
    name: text,
    bytes: count,
    sha256: text,
    chunkBytes: count,
    chunkSha256: listOf(text),
  },
  ['id', 'url', 'name'],
);

/** What is said of a file is what it is checked by: a file of which that cannot be read is not used. */
const soundFile: FieldReader<ModelFileRecord> = value => {
  const found = file(value);
  const said = isRawObject(value) ? Object.keys(value).filter(name => value[name] !== undefined) : [];
  return found && said.every(name => name in found || !(name in fileNames)) ? found : undefined;
};

const fileNames = { bytes: 0, sha256: 0, chunkBytes: 0, chunkSha256: 0 };

const half: FieldReader<ModelFileRecord[]> = value => {
  const files = listOf(soundFile)(value);
  return files && files.length > 0 ? files : undefined;
};

type RecordFields = Omit<ModelRecord, 'v' | 'id' | 'condition'>;

const recordFields: FieldReaders<RecordFields> = {
  name: text,
  entryId: text,
  identity: modelIdentity,
  visionIdentity: modelIdentity,
  template: templateChoice,
  includeHistory: flag,
  system: text,
  text: half,
  vision: half,
  checkpoint: objectOf<CheckpointRecord>({ url: text, type: oneOf(quantisations) }, ['url', 'type']),
  addedAt: time,
  isFetching: flag,
};
