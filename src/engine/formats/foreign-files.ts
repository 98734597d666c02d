import { FormatError } from '../errors.ts';
import { type Sentence, sentence } from '../sentence.ts';
import { recogniseStandIn } from './stand-in.ts';

interface ForeignFile {
  /** Completes "it looks like ...". */
  what: Sentence;
  advice: string;
}

const CHOOSE_MODEL = 'Choose a model file: its name ends in .gguf.';
const CONVERT_MODEL = 'Convert the model to GGUF first, or look for a copy of it whose name ends in .gguf.';
const ATTACH_IMAGE = `${CHOOSE_MODEL} To ask about an image, attach it to a message instead.`;
const FETCH_MODEL = 'The download did not bring the model itself. Get it again and check its size.';

/** The error for a file without the GGUF magic: says what it seems to be, in words for people. */
export function notGgufError(head: Uint8Array, fileBytes: number): FormatError {
  if (fileBytes === 0) {
    return new FormatError(
      0,
      sentence`model-file-is-empty: This is not a GGUF model file (it is empty)`,
      'not-gguf',
      FETCH_MODEL,
    );
  }
  const foreign = recognise(head, fileBytes);
  return new FormatError(
    0,
    foreign === undefined
      ? sentence`not-a-gguf-file: This is not a GGUF model file`
      : sentence`other-than-a-gguf-file: This is not a GGUF model file (it looks like ${{ found: foreign.what }})`,
    'not-gguf',
    foreign?.advice ?? CHOOSE_MODEL,
  );
}

function recognise(head: Uint8Array, fileBytes: number): ForeignFile | undefined {
  const text = String.fromCharCode(...head.subarray(0, 256));
  const trimmed = text.replace(/^\u00ef\u00bb\u00bf/, '').trimStart();
  if (text.startsWith('%PDF')) return { what: sentence`pdf: a PDF`, advice: CHOOSE_MODEL };
  if (text.startsWith('PK\x03\x04')) {
    return nameOfFirstZipEntry(head).endsWith('data.pkl')
      ? { what: sentence`pytorch-checkpoint: a PyTorch checkpoint`, advice: CONVERT_MODEL }
      : {
          what: sentence`zip-archive: a ZIP archive`,
          advice: `${CHOOSE_MODEL} If the archive holds one, unpack it first.`,
        };
  }
  if (text.startsWith('\x89PNG')) return { what: sentence`png-image: a PNG image`, advice: ATTACH_IMAGE };
  if (text.startsWith('\xff\xd8\xff'))
    return { what: sentence`jpeg-image: a JPEG image`, advice: ATTACH_IMAGE };
  if (text.startsWith('DICM', 128))
    return { what: sentence`dicom-image: a DICOM image`, advice: ATTACH_IMAGE };
  if (text.startsWith('\x1f\x8b')) {
    return {
      what: sentence`gzip-archive: a gzip archive`,
      advice: `${CHOOSE_MODEL} If the archive holds one, unpack it first.`,
    };
  }
  if (isSafetensors(head, fileBytes))
    return { what: sentence`safetensors-file: a safetensors file`, advice: CONVERT_MODEL };
  // A pickle of protocol 2 to 5: the form of PyTorch checkpoints before they became ZIP archives.
  if (head[0] === 0x80 && head[1]! >= 2 && head[1]! <= 5) {
    return { what: sentence`pytorch-checkpoint: a PyTorch checkpoint`, advice: CONVERT_MODEL };
  }
  // The magics of GGML, GGMF, GGJT and GGLA files are little-endian words, so they read backwards.
  if (/^(lmgg|fmgg|tjgg|algg)/.test(text)) {
    return {
      what: sentence`old-ggml-model: a model in the old GGML format, from before GGUF`,
      advice: CONVERT_MODEL,
    };
  }
  const standIn = recogniseStandIn(head, fileBytes);
  if (standIn !== undefined) return { what: standIn, advice: FETCH_MODEL };
  if (/^\{\s*"/.test(trimmed)) return { what: sentence`json-file: a JSON file`, advice: CHOOSE_MODEL };
  if (head.length >= 4 && head.every(byte => byte === 0)) {
    return {
      what: sentence`unfinished-download: a download that never finished: it starts with zeros`,
      advice: FETCH_MODEL,
    };
  }
  return undefined;
}

function nameOfFirstZipEntry(head: Uint8Array): string {
  const length = (head[26] ?? 0) | ((head[27] ?? 0) << 8);
  return String.fromCharCode(...head.subarray(30, Math.min(30 + length, 256)));
}

/** Eight bytes of header length, then the header: JSON. */
function isSafetensors(head: Uint8Array, fileBytes: number): boolean {
  if (head.length < 10) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const headerBytes = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  return head[8] === 0x7b && headerBytes >= 2 && headerBytes + 8 <= fileBytes;
}
