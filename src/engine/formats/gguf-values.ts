import { FormatError } from '../errors.ts';
import { type Sentence, sentence } from '../sentence.ts';
import { capitalized, type GgufCursor, quoted } from './gguf-cursor.ts';
import { type GgufNumericArray, type GgufValue, GgufValueType, ggufLimits } from './gguf-types.ts';

interface NumericType {
  bytes: number;
  create(length: number): GgufNumericArray;
  read(view: DataView, at: number): number;
}

const numericTypes: ReadonlyMap<number, NumericType> = new Map<number, NumericType>([
  [GgufValueType.u8, { bytes: 1, create: n => new Uint8Array(n), read: (v, at) => v.getUint8(at) }],
  [GgufValueType.i8, { bytes: 1, create: n => new Int8Array(n), read: (v, at) => v.getInt8(at) }],
  [GgufValueType.u16, { bytes: 2, create: n => new Uint16Array(n), read: (v, at) => v.getUint16(at, true) }],
  [GgufValueType.i16, { bytes: 2, create: n => new Int16Array(n), read: (v, at) => v.getInt16(at, true) }],
  [GgufValueType.u32, { bytes: 4, create: n => new Uint32Array(n), read: (v, at) => v.getUint32(at, true) }],
  [GgufValueType.i32, { bytes: 4, create: n => new Int32Array(n), read: (v, at) => v.getInt32(at, true) }],
  [
    GgufValueType.f32,
    { bytes: 4, create: n => new Float32Array(n), read: (v, at) => v.getFloat32(at, true) },
  ],
  [
    GgufValueType.f64,
    { bytes: 8, create: n => new Float64Array(n), read: (v, at) => v.getFloat64(at, true) },
  ],
]);

// The least that one value of each type takes in the file.
function smallestBytes(type: number): number | undefined {
  if (type === GgufValueType.bool) return 1;
  if (type === GgufValueType.string || type === GgufValueType.u64 || type === GgufValueType.i64) return 8;
  return numericTypes.get(type)?.bytes;
}

/** The key and value section: `count` times a key, a value type and a value of that type. */
export async function readMetadata(
  cursor: GgufCursor,
  count: number,
): Promise<{ metadata: Map<string, GgufValue>; keyOffsets: Map<string, number> }> {
  const metadata = new Map<string, GgufValue>();
  const keyOffsets = new Map<string, number>();
  let arrayElements = 0;
  for (let i = 0; i < count; i++) {
    const start = cursor.position;
    const key = await cursor.string(
      sentence`name-of-property: the name of property ${{ number: i + 1 }}`,
      ggufLimits.keyBytes,
    );
    if (key === '')
      throw new FormatError(
        start,
        sentence`property-without-name: Property ${{ number: i + 1 }} has no name`,
      );
    const name = sentence`the-property: the property ${{ property: quoted(key) }}`;
    if (metadata.has(key))
      throw new FormatError(
        start,
        sentence`property-appears-twice: ${{ what: capitalized(name) }} appears twice`,
      );
    await cursor.need(4, name);
    const type = cursor.u32();
    if (key === 'general.alignment' && type !== GgufValueType.u32) {
      throw new FormatError(
        cursor.position - 4,
        sentence`property-is-no-u32: ${{ what: capitalized(name) }} must be an unsigned 32-bit number`,
      );
    }
    const value =
      type === GgufValueType.array
        ? await readArray(cursor, name, ggufLimits.allArrayElements - arrayElements)
        : await readScalar(cursor, type, name);
    if (typeof value === 'object') arrayElements += value.length;
    metadata.set(key, value);
    keyOffsets.set(key, start);
  }
  return { metadata, keyOffsets };
}

async function readScalar(
  cursor: GgufCursor,
  type: number,
  name: Sentence,
): Promise<string | number | boolean> {
  if (type === GgufValueType.string) return cursor.string(name, ggufLimits.stringBytes);
  const bytes = smallestBytes(type);
  if (bytes === undefined) {
    throw new FormatError(
      cursor.position - 4,
      sentence`unknown-value-type: ${{ what: capitalized(name) }} has the unknown value type ${{ type: String(type) }}`,
    );
  }
  await cursor.need(bytes, name);
  if (type === GgufValueType.bool) return readBoolean(cursor, name);
  if (type === GgufValueType.u64) return cursor.u64(name);
  if (type === GgufValueType.i64) return cursor.i64(name);
  return numericTypes.get(type)!.read(cursor.take(bytes), 0);
}

async function readArray(
  cursor: GgufCursor,
  name: Sentence,
  elementsLeft: number,
): Promise<string[] | boolean[] | GgufNumericArray> {
  await cursor.need(12, name);
  const type = cursor.u32();
  if (type === GgufValueType.array) {
    throw new FormatError(
      cursor.position - 4,
      sentence`list-of-lists: ${{ what: capitalized(name) }} is a list of lists, which is not supported`,
    );
  }
  const elementBytes = smallestBytes(type);
  if (elementBytes === undefined) {
    throw new FormatError(
      cursor.position - 4,
      sentence`list-of-unknown-type: ${{ what: capitalized(name) }} is a list of the unknown value type ${{ type: String(type) }}`,
    );
  }
  const count = cursor.u64(sentence`length-of: the length of ${{ of: name }}`);
  if (count > Math.min(ggufLimits.arrayElements, elementsLeft)) {
    throw new FormatError(
      cursor.position - 8,
      sentence`list-too-long: The list in ${{ what: name }} has ${{ count }} entries, more than are allowed`,
    );
  }
  cursor.requirePresent(count * elementBytes, name);

  if (type === GgufValueType.string) {
    const texts: string[] = [];
    const what = sentence`a-text-in: a text in ${{ in: name }}`;
    for (let i = 0; i < count; i++) texts.push(await cursor.string(what, ggufLimits.stringBytes));
    return texts;
  }
  await cursor.need(count * elementBytes, name);
  if (type === GgufValueType.bool) return Array.from({ length: count }, () => readBoolean(cursor, name));
  if (type === GgufValueType.u64) return Float64Array.from({ length: count }, () => cursor.u64(name));
  if (type === GgufValueType.i64) return Float64Array.from({ length: count }, () => cursor.i64(name));
  const numeric = numericTypes.get(type)!;
  const view = cursor.take(count * elementBytes);
  const numbers = numeric.create(count);
  for (let i = 0; i < count; i++) numbers[i] = numeric.read(view, i * elementBytes);
  return numbers;
}

function readBoolean(cursor: GgufCursor, name: Sentence): boolean {
  const byte = cursor.u8();
  if (byte > 1) {
    throw new FormatError(
      cursor.position - 1,
      sentence`property-is-not-yes-or-no: ${{ what: capitalized(name) }} should be yes or no (1 or 0) but is ${{ found: byte }}`,
    );
  }
  return byte === 1;
}
