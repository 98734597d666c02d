// Writes DICOM files of the plainest kind: explicit VR little endian (PS3.5), or with run-length encoded pixels. For synthetic images
// alone: what it is given is written as it is.

const longLengths = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'UC', 'UN', 'UR', 'UT', 'UV']);
const padding = { UI: 0, OB: 0, OW: 0, UN: 0 };
export const explicitLittleEndian = '1.2.840.10008.1.2.1';
export const runLengthEncoded = '1.2.840.10008.1.2.5';

/**
 * @typedef {{ tag: number, vr: string, value?: string | number | number[] | Uint8Array, items?: Element[][], fragments?: Uint8Array[] }} Element
 */

/**
 * A file of these elements, which stand in the order of their tags.
 * @param {readonly Element[]} elements
 * @param {string} [transferSyntax]
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function writeDicom(elements, transferSyntax = explicitLittleEndian) {
  const of = tag => elements.find(each => each.tag === tag)?.value;
  const meta = join(
    [
      { tag: 0x00020001, vr: 'OB', value: Uint8Array.of(0, 1) },
      { tag: 0x00020002, vr: 'UI', value: of(0x00080016) ?? '1.2.840.10008.5.1.4.1.1.7' },
      { tag: 0x00020003, vr: 'UI', value: of(0x00080018) ?? '2.25.0' },
      { tag: 0x00020010, vr: 'UI', value: transferSyntax },
      { tag: 0x00020012, vr: 'UI', value: '2.25.111222333' },
    ].map(encodeElement),
  );
  return join([
    new Uint8Array(128),
    ascii('DICM'),
    encodeElement({ tag: 0x00020000, vr: 'UL', value: meta.length }),
    meta,
    ...elements.map(encodeElement),
  ]);
}

/** @param {Element} element */
function encodeElement({ tag, vr, value, items, fragments }) {
  if (fragments)
    return join([head(tag, vr, 0xffffffff), ...[new Uint8Array(0), ...fragments].map(item), item(null)]);
  const body = items ? join(items.map(each => item(join(each.map(encodeElement))))) : encodeValue(vr, value);
  return join([head(tag, vr, body.length), body]);
}

/** @param {number} tag @param {string} vr @param {number} length */
function head(tag, vr, length) {
  const isLong = longLengths.has(vr);
  const bytes = new Uint8Array(isLong ? 12 : 8);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, tag >>> 16, true);
  view.setUint16(2, tag & 0xffff, true);
  bytes.set(ascii(vr), 4);
  if (isLong) view.setUint32(8, length, true);
  else view.setUint16(6, length, true);
  return bytes;
}

/** An item of a sequence or of fragments; null: what ends them. @param {Uint8Array | null} body */
function item(body) {
  const bytes = new Uint8Array(8 + (body?.length ?? 0));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xfffe, true);
  view.setUint16(2, body ? 0xe000 : 0xe0dd, true);
  view.setUint32(4, body?.length ?? 0, true);
  if (body) bytes.set(body, 8);
  return bytes;
}

/** @param {string} vr @param {Element['value']} value */
function encodeValue(vr, value = '') {
  if (value instanceof Uint8Array) return even(value, 0);
  if (typeof value === 'string') return even(new TextEncoder().encode(value), padding[vr] ?? 0x20);
  const numbers = [value].flat();
  const size = vr === 'UL' ? 4 : 2;
  const bytes = new Uint8Array(numbers.length * size);
  const view = new DataView(bytes.buffer);
  numbers.forEach((number, at) => {
    if (vr === 'UL') view.setUint32(at * 4, number, true);
    else if (vr === 'SS') view.setInt16(at * 2, number, true);
    else view.setUint16(at * 2, number, true);
  });
  return bytes;
}

/** @param {Uint8Array} bytes @param {number} pad */
function even(bytes, pad) {
  return bytes.length % 2 === 0 ? bytes : join([bytes, Uint8Array.of(pad)]);
}

/** One fragment: the bytes of the values by their weight, the heaviest first, each run-length encoded (PS3.5, annex G). */
export function encodeRunLength(words, width) {
  const planes = [8, 0].map(shift => {
    const plane = Uint8Array.from(words, word => (word >>> shift) & 0xff);
    const rows = [];
    for (let at = 0; at < plane.length; at += width) rows.push(packBits(plane.subarray(at, at + width)));
    return even(join(rows), 0);
  });
  const header = new Uint8Array(64);
  const view = new DataView(header.buffer);
  view.setUint32(0, planes.length, true);
  let at = 64;
  planes.forEach((plane, place) => {
    view.setUint32(4 + place * 4, at, true);
    at += plane.length;
  });
  return join([header, ...planes]);
}

/** @param {Uint8Array} row */
function packBits(row) {
  const out = [];
  for (let at = 0; at < row.length; ) {
    let run = 1;
    while (at + run < row.length && run < 128 && row[at + run] === row[at]) run += 1;
    if (run >= 3) {
      out.push(257 - run, row[at]);
      at += run;
      continue;
    }
    let end = at;
    while (end < row.length && end - at < 128 && !(row[end] === row[end + 1] && row[end] === row[end + 2]))
      end += 1;
    out.push(end - at - 1, ...row.subarray(at, end));
    at = end;
  }
  return Uint8Array.from(out);
}

const ascii = text => Uint8Array.from(text, letter => letter.charCodeAt(0));

/** @param {readonly Uint8Array[]} parts */
function join(parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
