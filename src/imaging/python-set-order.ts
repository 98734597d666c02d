/**
 * The order in which CPython (3.8 and newer, 64 bit) iterates a set of pairs of small integers. The reference tilers take
 * their candidate grids from such a set, and where two grids fit an image equally well, the order decides.
 * Follows Objects/tupleobject.c (xxHash of the items) and Objects/setobject.c (open addressing, nine linear probes).
 */
export type Pair = readonly [number, number];

const mask64 = (1n << 64n) - 1n;
const prime1 = 11400714785074694791n;
const prime2 = 14029467366897019727n;
const prime5 = 2870177450012600261n;

/** hash((a, b)) as an unsigned 64-bit number. */
function hashPair([a, b]: Pair): bigint {
  let hash = prime5;
  for (const item of [a, b]) {
    hash = (hash + BigInt(item) * prime2) & mask64;
    hash = ((hash << 31n) | (hash >> 33n)) & mask64;
    hash = (hash * prime1) & mask64;
  }
  hash = (hash + (2n ^ (prime5 ^ 3527539n))) & mask64;
  return hash === mask64 ? 1546275796n : hash;
}

const linearProbes = 9;
const smallestTable = 8;

interface Entry {
  pair: Pair;
  hash: bigint;
}

/** The slot of an equal entry, or the first free one on its probe path. */
function findSlot(table: (Entry | undefined)[], { pair, hash }: Entry): number {
  const mask = table.length - 1;
  let slot = Number(hash & BigInt(mask));
  let perturb = hash;
  for (;;) {
    const probes = slot + linearProbes <= mask ? linearProbes : 0;
    for (let i = slot; i <= slot + probes; i++) {
      const entry = table[i];
      if (!entry || (entry.pair[0] === pair[0] && entry.pair[1] === pair[1])) return i;
    }
    perturb >>= 5n;
    slot = Number((BigInt(slot) * 5n + 1n + perturb) & BigInt(mask));
  }
}

/** The distinct pairs, in the order of a set that they were added to one by one. */
export function pythonSetOrder(pairs: Iterable<Pair>): Pair[] {
  let table: (Entry | undefined)[] = new Array(smallestTable).fill(undefined);
  let used = 0;
  for (const pair of pairs) {
    const entry = { pair, hash: hashPair(pair) };
    const slot = findSlot(table, entry);
    if (table[slot]) continue;
    table[slot] = entry;
    used++;
    if (used * 5 < (table.length - 1) * 3) continue;
    let size = smallestTable;
    while (size <= used * 4) size *= 2;
    const grown: (Entry | undefined)[] = new Array(size).fill(undefined);
    for (const old of table) if (old) grown[findSlot(grown, old)] = old;
    table = grown;
  }
  return table.filter(entry => entry !== undefined).map(entry => entry.pair);
}
