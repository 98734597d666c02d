import { damaged, unsupported } from '../codec.ts';

/** A component of the image (ITU-T T.800, A.5.1). */
export interface StreamComponent {
  precision: number;
  isSigned: boolean;
}

/** Image and tile areas on the reference grid, `x1` and `y1` not included. */
export interface Area {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

export interface SizeSegment {
  image: Area;
  tileWidth: number;
  tileHeight: number;
  tileX0: number;
  tileY0: number;
  components: StreamComponent[];
}

/** How a component is coded (A.6.1). */
export interface CodingStyle {
  levels: number;
  /** Powers of two. */
  blockWidth: number;
  blockHeight: number;
  isBypassed: boolean;
  isReset: boolean;
  isTerminated: boolean;
  isCausal: boolean;
  hasSegmentSymbols: boolean;
  isReversible: boolean;
  /** By resolution, powers of two. */
  precincts: { width: number; height: number }[];
}

/** How the coefficients of a component are quantised (A.6.4). */
export interface Quantisation {
  guardBits: number;
  isDerived: boolean;
  /** By subband, the lowest resolution first. */
  steps: { exponent: number; mantissa: number }[];
}

/** What is the same for all components of a tile. */
export interface TileStyle {
  progression: number;
  layers: number;
  hasTransform: boolean;
  hasPacketStart: boolean;
  hasHeaderEnd: boolean;
}

/** A part of the packets, and their order (A.6.6). */
export interface ProgressionVolume {
  progression: number;
  firstResolution: number;
  endResolution: number;
  firstComponent: number;
  endComponent: number;
  endLayer: number;
}

/** As often as the order of packets may change (A.6.6). */
const mostVolumes = 32;

/** The parameters that hold in the main header, or in a tile's. */
export class Parameters {
  style: TileStyle | undefined;
  volumes: ProgressionVolume[] | undefined;
  #coding: (CodingStyle | undefined)[] = [];
  #quantisation: (Quantisation | undefined)[] = [];
  #allCoding: CodingStyle | undefined;
  #allQuantisation: Quantisation | undefined;
  readonly #main: Parameters | undefined;

  constructor(main?: Parameters) {
    this.#main = main;
    this.style = main?.style;
    this.volumes = main?.volumes;
  }

  /** A component's own one goes before that for all; a tile's before that of the main header. */
  coding(component: number): CodingStyle {
    const found = this.#coding[component] ?? this.#allCoding ?? this.#main?.coding(component);
    if (!found) throw damaged('no coding style');
    return found;
  }

  quantisation(component: number): Quantisation {
    const found =
      this.#quantisation[component] ?? this.#allQuantisation ?? this.#main?.quantisation(component);
    if (!found) throw damaged('no quantisation');
    return found;
  }

  /** Whether the segment was one of parameters. `body`: behind marker and length. */
  read(code: number, body: Segment, components: number): boolean {
    const isWide = components > 256;
    switch (code) {
      case 0x52: {
        const flags = body.u8();
        this.style = readTileStyle(body, flags);
        this.#allCoding = readCodingStyle(body, (flags & 1) === 1);
        return true;
      }
      case 0x53: {
        const component = isWide ? body.u16() : body.u8();
        const flags = body.u8();
        this.#coding[component] = readCodingStyle(body, (flags & 1) === 1);
        return true;
      }
      case 0x5c:
        this.#allQuantisation = readQuantisation(body);
        return true;
      case 0x5d: {
        const component = isWide ? body.u16() : body.u8();
        this.#quantisation[component] = readQuantisation(body);
        return true;
      }
      case 0x5f:
        this.volumes = [...(this.volumes ?? []), ...readVolumes(body, isWide)];
        if (this.volumes.length > mostVolumes) throw damaged('progression');
        return true;
      default:
        return false;
    }
  }
}

/** Reads a segment's fields, big endian; fails beyond its end. */
export class Segment {
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get rest(): number {
    return this.#view.byteLength - this.#at;
  }

  u8(): number {
    return this.#view.getUint8(this.#step(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#step(2));
  }

  u32(): number {
    return this.#view.getUint32(this.#step(4));
  }

  #step(bytes: number): number {
    if (this.rest < bytes) throw damaged('segment ends early');
    const at = this.#at;
    this.#at += bytes;
    return at;
  }
}

export function readSize(body: Segment): SizeSegment {
  body.u16();
  const [x1, y1, x0, y0] = [body.u32(), body.u32(), body.u32(), body.u32()];
  const [tileWidth, tileHeight, tileX0, tileY0] = [body.u32(), body.u32(), body.u32(), body.u32()];
  const count = body.u16();
  const isSound =
    x1 > x0 && y1 > y0 && tileWidth > 0 && tileHeight > 0 && tileX0 <= x0 && tileY0 <= y0 && count > 0;
  if (!isSound || tileX0 + tileWidth <= x0 || tileY0 + tileHeight <= y0) throw damaged('sizes');
  const components = Array.from({ length: count }, () => {
    const [depth, across, down] = [body.u8(), body.u8(), body.u8()];
    if (across !== 1 || down !== 1) throw unsupported('JPEG 2000 with fewer samples of some colours');
    const precision = (depth & 0x7f) + 1;
    if (precision > 24) throw unsupported(`JPEG 2000 of ${precision} bits`);
    return { precision, isSigned: depth >> 7 === 1 };
  });
  return { image: { x0, y0, x1, y1 }, tileWidth, tileHeight, tileX0, tileY0, components };
}

function readTileStyle(body: Segment, flags: number): TileStyle {
  const [progression, layers, transform] = [body.u8(), body.u16(), body.u8()];
  if (progression > 4 || layers === 0) throw damaged('coding style');
  return {
    progression,
    layers,
    hasTransform: transform === 1,
    hasPacketStart: (flags & 2) !== 0,
    hasHeaderEnd: (flags & 4) !== 0,
  };
}

function readCodingStyle(body: Segment, hasPrecincts: boolean): CodingStyle {
  const levels = body.u8();
  const blockWidth = body.u8() + 2;
  const blockHeight = body.u8() + 2;
  const style = body.u8();
  const transform = body.u8();
  if ((style & 0x40) !== 0) throw unsupported('High-Throughput JPEG 2000');
  if (levels > 32 || blockWidth > 10 || blockHeight > 10 || blockWidth + blockHeight > 12 || transform > 1)
    throw damaged('coding style');
  const precincts = Array.from({ length: levels + 1 }, (_, resolution) => {
    if (!hasPrecincts) return { width: 15, height: 15 };
    const size = body.u8();
    const precinct = { width: size & 15, height: size >> 4 };
    if (resolution > 0 && (precinct.width === 0 || precinct.height === 0)) throw damaged('precincts');
    return precinct;
  });
  return {
    levels,
    blockWidth,
    blockHeight,
    isBypassed: (style & 1) !== 0,
    isReset: (style & 2) !== 0,
    isTerminated: (style & 4) !== 0,
    isCausal: (style & 8) !== 0,
    hasSegmentSymbols: (style & 32) !== 0,
    isReversible: transform === 1,
    precincts,
  };
}

function readQuantisation(body: Segment): Quantisation {
  const style = body.u8();
  const kind = style & 31;
  if (kind > 2) throw damaged('quantisation');
  const steps: Quantisation['steps'] = [];
  while (body.rest >= (kind === 0 ? 1 : 2)) {
    if (kind === 0) steps.push({ exponent: body.u8() >> 3, mantissa: 0 });
    else {
      const value = body.u16();
      steps.push({ exponent: value >> 11, mantissa: value & 0x7ff });
    }
  }
  if (steps.length === 0) throw damaged('quantisation');
  return { guardBits: style >> 5, isDerived: kind === 1, steps };
}

function readVolumes(body: Segment, isWide: boolean): ProgressionVolume[] {
  const volumes: ProgressionVolume[] = [];
  while (body.rest >= (isWide ? 9 : 7)) {
    const firstResolution = body.u8();
    const firstComponent = isWide ? body.u16() : body.u8();
    const endLayer = body.u16();
    const endResolution = body.u8();
    const endComponent = isWide ? body.u16() : body.u8() || 256;
    const progression = body.u8();
    if (progression > 4) throw damaged('progression');
    volumes.push({
      progression,
      firstResolution,
      endResolution,
      firstComponent,
      endComponent,
      endLayer,
    });
  }
  return volumes;
}
