/** How pixels are stored (PS3.5, annex A): as they are, or by a codec. */
export type PixelCoding = 'native' | 'rle' | 'jpeg' | 'jpeg-ls' | 'jpeg-2000';

export interface TransferSyntax {
  /** Of PS3.6, annex A. */
  name: string;
  /** Undefined: not read. */
  coding?: PixelCoding;
  isExplicit: boolean;
  isLittle: boolean;
  isDeflated?: boolean;
  /** Its process always loses something, or is a lossy one by its name. */
  isLossy?: boolean;
}

const explicitLittle = { isExplicit: true, isLittle: true };

function compressed(name: string, coding?: PixelCoding, isLossy = false): TransferSyntax {
  return { name, coding, isLossy, ...explicitLittle };
}

const syntaxes: Readonly<Record<string, TransferSyntax>> = {
  '1.2.840.10008.1.2': {
    name: 'Implicit VR Little Endian',
    coding: 'native',
    isExplicit: false,
    isLittle: true,
  },
  '1.2.840.10008.1.2.1': { name: 'Explicit VR Little Endian', coding: 'native', ...explicitLittle },
  '1.2.840.10008.1.2.1.98': compressed('Encapsulated Uncompressed Explicit VR Little Endian', 'native'),
  '1.2.840.10008.1.2.1.99': {
    name: 'Deflated Explicit VR Little Endian',
    coding: 'native',
    isDeflated: true,
    ...explicitLittle,
  },
  '1.2.840.10008.1.2.2': {
    name: 'Explicit VR Big Endian',
    coding: 'native',
    isExplicit: true,
    isLittle: false,
  },
  '1.2.840.10008.1.2.5': compressed('RLE Lossless', 'rle'),
  '1.2.840.10008.1.2.4.50': compressed('JPEG Baseline (Process 1)', 'jpeg', true),
  '1.2.840.10008.1.2.4.51': compressed('JPEG Extended (Process 2 and 4)', 'jpeg', true),
  '1.2.840.10008.1.2.4.53': compressed(
    'JPEG Spectral Selection, Non-Hierarchical (Process 6 and 8)',
    'jpeg',
    true,
  ),
  '1.2.840.10008.1.2.4.55': compressed(
    'JPEG Full Progression, Non-Hierarchical (Process 10 and 12)',
    'jpeg',
    true,
  ),
  '1.2.840.10008.1.2.4.57': compressed('JPEG Lossless, Non-Hierarchical (Process 14)', 'jpeg'),
  '1.2.840.10008.1.2.4.70': compressed(
    'JPEG Lossless, Non-Hierarchical, First-Order Prediction (Process 14 [Selection Value 1])',
    'jpeg',
  ),
  '1.2.840.10008.1.2.4.80': compressed('JPEG-LS Lossless Image Compression', 'jpeg-ls'),
  '1.2.840.10008.1.2.4.81': compressed('JPEG-LS Lossy (Near-Lossless) Image Compression', 'jpeg-ls', true),
  '1.2.840.10008.1.2.4.90': compressed('JPEG 2000 Image Compression (Lossless Only)', 'jpeg-2000'),
  '1.2.840.10008.1.2.4.91': compressed('JPEG 2000 Image Compression', 'jpeg-2000', true),
  '1.2.840.10008.1.2.4.92': compressed('JPEG 2000 Part 2 (lossless)'),
  '1.2.840.10008.1.2.4.93': compressed('JPEG 2000 Part 2'),
  '1.2.840.10008.1.2.4.94': compressed('a reference to another server (JPIP)'),
  '1.2.840.10008.1.2.4.95': { ...compressed('a reference to another server (JPIP)'), isDeflated: true },
  '1.2.840.10008.1.2.4.100': compressed('MPEG-2 video'),
  '1.2.840.10008.1.2.4.100.1': compressed('MPEG-2 video'),
  '1.2.840.10008.1.2.4.101': compressed('MPEG-2 video'),
  '1.2.840.10008.1.2.4.101.1': compressed('MPEG-2 video'),
  '1.2.840.10008.1.2.4.102': compressed('MPEG-4 video'),
  '1.2.840.10008.1.2.4.102.1': compressed('MPEG-4 video'),
  '1.2.840.10008.1.2.4.103': compressed('MPEG-4 video'),
  '1.2.840.10008.1.2.4.103.1': compressed('MPEG-4 video'),
  '1.2.840.10008.1.2.4.104': compressed('MPEG-4 video'),
  '1.2.840.10008.1.2.4.104.1': compressed('MPEG-4 video'),
  '1.2.840.10008.1.2.4.105': compressed('MPEG-4 video'),
  '1.2.840.10008.1.2.4.105.1': compressed('MPEG-4 video'),
  '1.2.840.10008.1.2.4.106': compressed('MPEG-4 video'),
  '1.2.840.10008.1.2.4.106.1': compressed('MPEG-4 video'),
  '1.2.840.10008.1.2.4.107': compressed('HEVC video'),
  '1.2.840.10008.1.2.4.108': compressed('HEVC video'),
  '1.2.840.10008.1.2.4.110': compressed('JPEG XL'),
  '1.2.840.10008.1.2.4.111': compressed('JPEG XL'),
  '1.2.840.10008.1.2.4.112': compressed('JPEG XL'),
  '1.2.840.10008.1.2.4.201': compressed('High-Throughput JPEG 2000'),
  '1.2.840.10008.1.2.4.202': compressed('High-Throughput JPEG 2000'),
  '1.2.840.10008.1.2.4.203': compressed('High-Throughput JPEG 2000'),
  '1.2.840.10008.1.2.4.204': compressed('a reference to another server (JPIP)'),
  '1.2.840.10008.1.2.4.205': { ...compressed('a reference to another server (JPIP)'), isDeflated: true },
  '1.2.840.10008.1.2.7.1': compressed('SMPTE ST 2110 video'),
  '1.2.840.10008.1.2.7.2': compressed('SMPTE ST 2110 video'),
  '1.2.840.10008.1.2.7.3': compressed('SMPTE ST 2110 sound'),
};

/** Undefined for one that is not of the standard. */
export function transferSyntax(uid: string): TransferSyntax | undefined {
  return Object.hasOwn(syntaxes, uid) ? syntaxes[uid] : undefined;
}
