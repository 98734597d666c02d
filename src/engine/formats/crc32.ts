/** Bytes that are taken in at once. */
const SLICE = 8;

/**
 * Of the reflected polynomial of ISO 3309, as ZIP and PNG use it. Table k holds what a byte becomes that is followed by k
 * more, so that eight bytes need eight look-ups and no shifts in between (Kounavis and Berry, "slicing by eight", 2005).
 */
const tables = buildTables();

function buildTables(): Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value;
  });
  const built = [first];
  for (let k = 1; k < SLICE; k++) {
    built.push(built[k - 1]!.map(value => (value >>> 8) ^ first[value & 0xff]!));
  }
  return built;
}

/**
 * CRC-32 as in ZIP archives and PNG files.
 * @param before of the bytes that came before these
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  let crc = ~before;
  let at = 0;
  for (const end = bytes.length - SLICE; at <= end; at += SLICE) {
    crc =
      t7[(crc ^ bytes[at]!) & 0xff]! ^
      t6[((crc >>> 8) ^ bytes[at + 1]!) & 0xff]! ^
      t5[((crc >>> 16) ^ bytes[at + 2]!) & 0xff]! ^
      t4[(crc >>> 24) ^ bytes[at + 3]!]! ^
      t3[bytes[at + 4]!]! ^
      t2[bytes[at + 5]!]! ^
      t1[bytes[at + 6]!]! ^
      t0[bytes[at + 7]!]!;
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ t0[(crc ^ bytes[at]!) & 0xff]!;
  return ~crc >>> 0;
}
