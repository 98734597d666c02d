/** Value representations whose length takes four bytes in explicit VR, behind two that are reserved (PS3.5, 7.1.2). */
const longLengths = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const shortLengths = new Set(
  ['AE', 'AS', 'AT', 'CS', 'DA', 'DS', 'DT', 'FD', 'FL', 'IS'].concat([
    'LO',
    'LT',
    'PN',
    'SH',
    'SL',
    'SS',
    'ST',
    'TM',
    'UI',
    'UL',
    'US',
  ]),
);
const texts = new Set([
  'AE',
  'AS',
  'CS',
  'DA',
  'DS',
  'DT',
  'IS',
  'LO',
  'LT',
  'PN',
  'SH',
  'ST',
  'TM',
  'UC',
  'UI',
  'UR',
  'UT',
]);

export const hasLongLength = (vr: string) => longLengths.has(vr);
export const isKnownVr = (vr: string) => longLengths.has(vr) || shortLengths.has(vr);
export const isText = (vr: string) => texts.has(vr);

/** How one number of a representation is read, and its bytes. */
export const binaryNumbers: Readonly<
  Record<string, { bytes: number; read: (view: DataView, at: number, isLittle: boolean) => number }>
> = {
  US: { bytes: 2, read: (view, at, isLittle) => view.getUint16(at, isLittle) },
  OW: { bytes: 2, read: (view, at, isLittle) => view.getUint16(at, isLittle) },
  SS: { bytes: 2, read: (view, at, isLittle) => view.getInt16(at, isLittle) },
  UL: { bytes: 4, read: (view, at, isLittle) => view.getUint32(at, isLittle) },
  SL: { bytes: 4, read: (view, at, isLittle) => view.getInt32(at, isLittle) },
  FL: { bytes: 4, read: (view, at, isLittle) => view.getFloat32(at, isLittle) },
  FD: { bytes: 8, read: (view, at, isLittle) => view.getFloat64(at, isLittle) },
};
