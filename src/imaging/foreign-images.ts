import { BedsideError } from '../engine/errors.ts';
import { type Sentence, sentence } from '../engine/sentence.ts';
import { EXPORT_AS_PNG, unsupportedImage } from './formats/image-errors.ts';
import { inflateBeginning } from './formats/inflate-beginning.ts';

const ATTACH_IMAGE = 'Attach an image: PNG, JPEG, WebP, AVIF, BMP, GIF or TIFF.';
const EXPORT_PAGE =
  'To ask about a picture in it, export or photograph that picture as PNG or JPEG and attach that.';
const CHOOSE_MODEL = `${ATTACH_IMAGE} A model is loaded from the list of models, not attached to a message.`;
const UNPACK = `If it holds images, unpack it first, and attach one of them or drop the folder. ${ATTACH_IMAGE}`;
const TAKE_FRAME = 'Attach one picture from it, as PNG or JPEG.';
const GET_AGAIN = 'Get the image again from where it came from, and attach the new copy.';

/** The error for a file that is none of the formats that are read: says what it seems to be, in words for people. */
export function foreignFileError(head: Uint8Array, fileBytes: number): BedsideError {
  if (fileBytes === 0) return notAnImage(sentence`is-empty: it is empty`, GET_AGAIN);
  const image = findSignature(head, otherImages) ?? recogniseCompressed(head);
  if (image) return unsupportedImage(image.what, image.advice);
  const markup = recogniseMarkup(head);
  if (markup?.isDrawing) return unsupportedImage(markup.what, markup.advice);
  const other = findSignature(head, otherFiles) ?? markup ?? recogniseByContent(head);
  return other
    ? notAnImage(sentence`looks-like: it looks like ${{ what: other.what }}`, other.advice)
    : notAnImage(sentence`looks-like-no-image: nothing in it looks like one`, ATTACH_IMAGE);
}

function notAnImage(why: Sentence, advice: string): BedsideError {
  return new BedsideError(
    'not-an-image',
    sentence`not-an-image: This file is not an image: ${{ why }}.`,
    advice,
  );
}

/** What a file seems to be, to complete "this is ..." or "it looks like ...". */
interface Kind {
  what: Sentence;
  advice: string;
}

/** A kind of file, and what it has, as Latin-1, from byte `at` on (0 unless told): one of these. */
interface Signature extends Kind {
  at?: number;
  magics: string[];
}

function otherImage(what: Sentence, magics: string[], at?: number): Signature {
  return {
    what: sentence`image-that-is-not-read: ${{ image: what }}, which is not read`,
    advice: EXPORT_AS_PNG,
    magics,
    at,
  };
}

const niftiMagics = ['n+1\0', 'ni1\0'];

function niftiVolume(): Kind {
  return {
    what: sentence`nifti-volume: a NIfTI volume, which holds many slices`,
    advice: 'Export the slice that you ask about as PNG, and attach that.',
  };
}

/** In order: a DICOM file's first 128 bytes are free, and some hold a TIFF header. */
const otherImages: Signature[] = [
  {
    what: sentence`dicom-file: a DICOM file, and no picture`,
    advice: 'In the viewer that shows it, choose the window you want, export it as PNG, and attach that.',
    magics: ['DICM'],
    at: 128,
  },
  { ...niftiVolume(), magics: niftiMagics, at: 344 },
  { ...niftiVolume(), magics: ['n+2\0\r\n\x1a\n', 'ni2\0\r\n\x1a\n'], at: 4 },
  otherImage(sentence`jpeg-xr: a JPEG XR image`, ['II\xbc']),
  otherImage(sentence`big-tiff: a TIFF image of more than 4 GB (BigTIFF), as whole slides are`, [
    'II+\0',
    'MM\0+',
  ]),
  otherImage(sentence`jpeg-2000: a JPEG 2000 image`, ['\0\0\0\x0cjP  ', '\xff\x4f\xff\x51']),
  otherImage(sentence`jpeg-xl: a JPEG XL image`, ['\0\0\0\x0cJXL ', '\xff\x0a']),
  otherImage(sentence`photoshop: a Photoshop document`, ['8BPS']),
  otherImage(sentence`icon: an icon file`, ['\0\0\x01\0', '\0\0\x02\0']),
  otherImage(sentence`netpbm: a Netpbm image`, ['P1\n', 'P2\n', 'P3\n', 'P4\n', 'P5\n', 'P6\n', 'P7\n']),
  otherImage(sentence`openexr: an OpenEXR image`, ['v/1\x01']),
  otherImage(sentence`qoi: a QOI image`, ['qoif']),
  otherImage(sentence`nrrd: an NRRD volume`, ['NRRD000']),
  otherImage(sentence`mng: an MNG animation`, ['\x8aMNG', '\x8bJNG']),
];

const otherFiles: Signature[] = [
  { what: sentence`gguf-model: a model (GGUF)`, advice: CHOOSE_MODEL, magics: ['GGUF'] },
  { what: sentence`pdf: a PDF`, advice: EXPORT_PAGE, magics: ['%PDF-'] },
  {
    what: sentence`zip-or-office: a ZIP archive or an Office document`,
    advice: UNPACK,
    magics: ['PK\x03\x04', 'PK\x05\x06'],
  },
  { what: sentence`office-document: an Office document`, advice: EXPORT_PAGE, magics: ['\xd0\xcf\x11\xe0'] },
  {
    what: sentence`compressed-archive: a compressed archive`,
    advice: UNPACK,
    magics: ['\x1f\x8b', '7z\xbc\xaf', 'Rar!', 'BZh', '\xfd7zXZ', '\x28\xb5\x2f\xfd'],
  },
  { what: sentence`video: a video`, advice: TAKE_FRAME, magics: ['ftyp'], at: 4 },
  {
    what: sentence`video: a video`,
    advice: TAKE_FRAME,
    magics: ['\x1aE\xdf\xa3', '\0\0\x01\xba', '\0\0\x01\xb3'],
  },
  { what: sentence`video: a video`, advice: TAKE_FRAME, magics: ['AVI '], at: 8 },
  { what: sentence`sound-recording: a sound recording`, advice: ATTACH_IMAGE, magics: ['WAVE'], at: 8 },
  {
    what: sentence`sound-recording: a sound recording`,
    advice: ATTACH_IMAGE,
    magics: ['ID3', '\xff\xfb', '\xff\xf3', 'fLaC', 'OggS'],
  },
  { what: sentence`program: a program`, advice: ATTACH_IMAGE, magics: ['\x7fELF', 'MZ'] },
  {
    what: sentence`git-lfs-pointer: a Git LFS pointer, which only names the file`,
    advice: GET_AGAIN,
    magics: ['version https://git-lfs'],
  },
];

function findSignature(head: Uint8Array, signatures: Signature[]): Signature | undefined {
  const text = latin1(head);
  return signatures.find(({ at, magics }) => magics.some(magic => text.startsWith(magic, at ?? 0)));
}

function recogniseMarkup(head: Uint8Array): (Kind & { isDrawing?: boolean }) | undefined {
  const text = latin1(head)
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart();
  if (/^<(svg|\?xml|!--|!doctype svg)/i.test(text) && /<svg[\s>:]|<!doctype svg/i.test(text)) {
    return {
      what: sentence`svg-drawing: an SVG drawing, which is not read`,
      advice: EXPORT_AS_PNG,
      isDrawing: true,
    };
  }
  if (/^<(!doctype html|html|head|body)/i.test(text))
    return { what: sentence`web-page: a web page (HTML)`, advice: EXPORT_PAGE };
  if (text.startsWith('<?xml')) return { what: sentence`xml-file: an XML file`, advice: ATTACH_IMAGE };
  if (/^[[{]\s*["[{]/.test(text)) return { what: sentence`json-file: a JSON file`, advice: ATTACH_IMAGE };
  return undefined;
}

/** Volumes are mostly stored compressed (.nii.gz). */
function recogniseCompressed(head: Uint8Array): Kind | undefined {
  const beginning = inflateBeginning(head, 352);
  return beginning && findSignature(beginning, otherImages);
}

function recogniseByContent(head: Uint8Array): Kind | undefined {
  if (isSafetensors(head))
    return { what: sentence`safetensors-model: a model (safetensors)`, advice: CHOOSE_MODEL };
  if (head.every(byte => byte === 0)) {
    return {
      what: sentence`unfinished-download: a download that never finished: it starts with zeros`,
      advice: GET_AGAIN,
    };
  }
  if (isText(head))
    return { what: sentence`text: a text`, advice: `${ATTACH_IMAGE} Text can be pasted into the message.` };
  return undefined;
}

function latin1(head: Uint8Array): string {
  return String.fromCharCode(...head.subarray(0, 1024));
}

/** Eight bytes of header length, then the header: JSON. */
function isSafetensors(head: Uint8Array): boolean {
  return (
    head.length > 10 && head[8] === 0x7b && head[9] === 0x22 && head.subarray(4, 8).every(byte => byte === 0)
  );
}

/** Whether it reads as text: no control characters but white space, in an encoding that keeps ASCII. */
function isText(head: Uint8Array): boolean {
  return head.subarray(0, 512).every(byte => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d));
}
