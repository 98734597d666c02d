/**
 * Visual tokens of images in IndexedDB: what an encoder made of an image, so that after a restart it can be asked about at once.
 * Numbers of 16 bits. They can be made again from the image, so they are bounded, what cannot be read counts as not there, and they
 * go with the last conversation that has the image.
 */
import { checksum } from './checksum.ts';
import { type Database, openDatabase } from './database.ts';
import { count, type FieldReaders, objectOf, text, time } from './record-fields.ts';

/** Of all that is kept: about twenty large images of a model of true size. */
const mostBytes = 256 * 1024 * 1024;

export interface FeatureKey {
  /** SHA-256 (hex) of the image's bytes. */
  imageId: string;
  /** Of the encoder's numbers. */
  encoder: string;
  /** How the image was cut. */
  tiling: string;
}

export interface KeptFeatureSummary {
  images: number;
  bytes: number;
}

export interface FeatureStore {
  /** As they were kept; undefined where they are not there, or damaged. Counts as use. */
  find(key: FeatureKey): Promise<Uint16Array | undefined>;
  /** Puts out what was used longest ago where there is no room for these; does nothing where there is none at all. */
  keep(key: FeatureKey, halves: Uint16Array<ArrayBuffer>): Promise<void>;
  /** Deletes those of every image but these. */
  keepOnly(imageIds: ReadonlySet<string>): Promise<void>;
  summarize(): Promise<KeptFeatureSummary>;
  clear(): Promise<void>;
}

interface Facts {
  v: number;
  imageId: string;
  bytes: number;
  checksum: string;
  usedAt: number;
}

const readers: FieldReaders<Facts> = { v: count, imageId: text, bytes: count, checksum: text, usedAt: time };
const readFacts = objectOf<Facts>(readers, ['v', 'imageId', 'bytes', 'checksum', 'usedAt']);

// Apart, so that what there is can be listed without its numbers.
const factsPrefix = 'facts/';
const valuesPrefix = 'values/';
const nameOf = ({ imageId, encoder, tiling }: FeatureKey) => [imageId, encoder, tiling].join('/');

export function createFeatureStore(
  database: Database = openDatabase('bedside-image-features'),
  { bound = mostBytes, now = Date.now }: { bound?: number; now?: () => number } = {},
): FeatureStore {
  /** Least recently used first; what cannot be read before everything else. */
  async function list(): Promise<{ name: string; facts: Facts | undefined }[]> {
    const entries = await database.getEntriesByPrefix(factsPrefix);
    const found = entries.map(([key, record]) => {
      const facts = readFacts(record);
      return { name: key.slice(factsPrefix.length), facts: facts?.v === 1 ? facts : undefined };
    });
    return found.sort((a, b) => (a.facts?.usedAt ?? 0) - (b.facts?.usedAt ?? 0));
  }

  const remove = (names: readonly string[]) =>
    names.length === 0
      ? Promise.resolve()
      : database.deleteMany(names.flatMap(name => [factsPrefix + name, valuesPrefix + name]));

  return {
    async find(key) {
      const name = nameOf(key);
      const [record, values] = await database.getMany([factsPrefix + name, valuesPrefix + name]);
      if (record === undefined) return undefined;
      const facts = readFacts(record);
      const isWhole =
        facts?.v === 1 &&
        values instanceof Uint16Array &&
        values.byteLength === facts.bytes &&
        checksum(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)) === facts.checksum;
      if (!isWhole) {
        await remove([name]);
        return undefined;
      }
      await database.setMany([[factsPrefix + name, { ...facts, usedAt: now() }]]);
      return values;
    },

    async keep(key, halves) {
      const bytes = halves.byteLength;
      if (bytes > bound) return;
      const name = nameOf(key);
      const others = (await list()).filter(each => each.name !== name);
      let total = others.reduce((sum, { facts }) => sum + (facts?.bytes ?? 0), bytes);
      const gone: string[] = [];
      for (const { name: other, facts } of others) {
        if (facts && total <= bound) break;
        total -= facts?.bytes ?? 0;
        gone.push(other);
      }
      await remove(gone);
      const facts: Facts = {
        v: 1,
        imageId: key.imageId,
        bytes,
        checksum: checksum(new Uint8Array(halves.buffer, halves.byteOffset, bytes)),
        usedAt: now(),
      };
      await database.setMany([
        [factsPrefix + name, facts],
        [valuesPrefix + name, halves],
      ]);
    },

    async keepOnly(imageIds) {
      const isGone = ({ facts }: { facts: Facts | undefined }) => !facts || !imageIds.has(facts.imageId);
      await remove((await list()).filter(isGone).map(({ name }) => name));
    },

    async summarize() {
      const facts = (await list()).flatMap(each => each.facts ?? []);
      return {
        images: new Set(facts.map(({ imageId }) => imageId)).size,
        bytes: facts.reduce((sum, each) => sum + each.bytes, 0),
      };
    },

    clear: () => database.clear(),
  };
}
