import { damaged } from '../codec.ts';
import type { CodingStyle, ProgressionVolume, TileStyle } from './code-stream.ts';
import { PacketBits } from './packet-bits.ts';
import type { CodeBlock, Precinct, PrecinctBand, TileComponent } from './tile-geometry.ts';

/** A precinct among those of its tile. */
interface Place {
  component: number;
  resolution: number;
  /** Its number in the resolution. */
  number: number;
  precinct: Precinct;
  style: CodingStyle;
}

/** No image has more bit-planes; a tree that goes on is not one of them. */
const mostPlanes = 64;

/** Reads all packets of a tile (ITU-T T.800, B.9 to B.12) into its code-blocks. Fails where one is missing. */
export function readPackets(
  data: Uint8Array,
  components: readonly TileComponent[],
  styles: readonly CodingStyle[],
  style: TileStyle,
  volumes: readonly ProgressionVolume[] | undefined,
): void {
  const places = components.flatMap(({ resolutions }, component) =>
    resolutions.flatMap(({ precincts }, resolution) =>
      precincts.map((precinct, number) => ({
        component,
        resolution,
        number,
        precinct,
        style: styles[component]!,
      })),
    ),
  );
  let at = 0;
  for (const volume of volumes ?? [wholeTile(style)]) {
    const within = places.filter(
      ({ component, resolution }) =>
        component >= volume.firstComponent &&
        component < volume.endComponent &&
        resolution >= volume.firstResolution &&
        resolution < volume.endResolution,
    );
    const layers = Math.min(volume.endLayer, style.layers);
    // A packet takes a byte at least.
    if (layers * within.length > data.length) throw damaged('packets are missing');
    for (const { place, layer } of inOrder(within, volume.progression, layers)) {
      if (layer < place.precinct.layersRead) continue;
      at = readPacket(data, at, place, layer, style);
      place.precinct.layersRead = layer + 1;
    }
  }
}

function wholeTile({ progression, layers }: TileStyle): ProgressionVolume {
  return {
    progression,
    firstResolution: 0,
    endResolution: Number.POSITIVE_INFINITY,
    firstComponent: 0,
    endComponent: Number.POSITIVE_INFINITY,
    endLayer: layers,
  };
}

type Key = 'resolution' | 'component' | 'number' | 'x' | 'y';
/** What packets are ordered by, within a layer or with the layers innermost: LRCP, RLCP, RPCL, PCRL, CPRL (B.12.1). */
const orders: Key[][] = [
  ['resolution', 'component', 'number'],
  ['resolution', 'component', 'number'],
  ['resolution', 'y', 'x', 'component', 'number'],
  ['y', 'x', 'component', 'resolution', 'number'],
  ['component', 'y', 'x', 'resolution', 'number'],
];

function placeValue(place: Place, key: Key): number {
  return key === 'x' || key === 'y' ? place.precinct[key] : place[key];
}

function* inOrder(
  places: readonly Place[],
  progression: number,
  layers: number,
): Generator<{ place: Place; layer: number }> {
  const keys = orders[progression]!;
  const sorted = [...places].sort((a, b) => {
    for (const key of keys) {
      const difference = placeValue(a, key) - placeValue(b, key);
      if (difference !== 0) return difference;
    }
    return 0;
  });
  if (progression === 0) {
    for (let layer = 0; layer < layers; layer++) for (const place of sorted) yield { place, layer };
  } else if (progression === 1) {
    for (const group of groupByResolution(sorted))
      for (let layer = 0; layer < layers; layer++) for (const place of group) yield { place, layer };
  } else for (const place of sorted) for (let layer = 0; layer < layers; layer++) yield { place, layer };
}

/** `sorted`: by their resolution. */
function groupByResolution(sorted: readonly Place[]): Place[][] {
  const groups = new Map<number, Place[]>();
  for (const place of sorted) {
    const group = groups.get(place.resolution);
    if (group) group.push(place);
    else groups.set(place.resolution, [place]);
  }
  return [...groups.values()];
}

interface Body {
  segment: CodeBlock['segments'][number];
  length: number;
}

/** Reads the packet at `at`, and returns the position behind it. */
function readPacket(data: Uint8Array, start: number, place: Place, layer: number, style: TileStyle): number {
  const { precinct } = place;
  let at = start;
  if (style.hasPacketStart && data[at] === 0xff && data[at + 1] === 0x91) at += 6;
  const bits = new PacketBits(data, at);
  const bodies: Body[] = [];
  if (bits.take() === 1) {
    for (const band of precinct.bands) {
      for (const [i, block] of band.blocks.entries())
        if (isIncluded(bits, band, i, layer)) readBlockHeader(bits, block, place.style, bodies);
    }
  }
  at = bits.end();
  if (style.hasHeaderEnd && data[at] === 0xff && data[at + 1] === 0x92) at += 2;
  for (const { segment, length } of bodies) {
    if (length > data.length - at) throw damaged('packet ends early');
    segment.data.push(data.subarray(at, at + length));
    at += length;
  }
  return at;
}

/** Whether a packet has something of the code-block; the first time, with how many bit-planes it has less (B.10.4 and 5). */
function isIncluded(bits: PacketBits, band: PrecinctBand, i: number, layer: number): boolean {
  const block = band.blocks[i]!;
  if (block.isIncluded) return bits.take() === 1;
  const [x, y] = [i % band.across, Math.floor(i / band.across)];
  if (!band.inclusion.isBelow(bits, x, y, layer + 1)) return false;
  block.isIncluded = true;
  let planes = 0;
  while (!band.zeroPlanes.isBelow(bits, x, y, planes + 1)) {
    planes++;
    if (planes > mostPlanes) throw damaged('bit-planes');
  }
  block.zeroPlanes = planes;
  return true;
}

/** How many passes there are of a code-block, and how long they are (B.10.6 and 7). */
function readBlockHeader(bits: PacketBits, block: CodeBlock, style: CodingStyle, bodies: Body[]): void {
  let passes = readPasses(bits);
  while (bits.take() === 1) block.lengthBits++;
  if (block.lengthBits > 32) throw damaged('lengths');
  while (passes > 0) {
    const segment = currentSegment(block, style);
    const now = Math.min(passes, segment.most - segment.passes);
    const length = bits.takeMany(block.lengthBits + Math.floor(Math.log2(now)));
    segment.passes += now;
    passes -= now;
    bodies.push({ segment, length });
  }
}

/** Passes go on in the last segment until it has all that it can have: one where each ends, else those of one way of coding. */
function currentSegment(block: CodeBlock, { isTerminated, isBypassed }: CodingStyle) {
  const last = block.segments.at(-1);
  if (last && last.passes < last.most) return last;
  const inBypass = last ? (last.most === 2 ? 1 : 2) : 10;
  const most = isTerminated ? 1 : isBypassed ? inBypass : Number.POSITIVE_INFINITY;
  const segment = { passes: 0, most, data: [] };
  block.segments.push(segment);
  return segment;
}

/** Table B.4. */
function readPasses(bits: PacketBits): number {
  if (bits.take() === 0) return 1;
  if (bits.take() === 0) return 2;
  const few = bits.takeMany(2);
  if (few < 3) return 3 + few;
  const more = bits.takeMany(5);
  if (more < 31) return 6 + more;
  return 37 + bits.takeMany(7);
}
