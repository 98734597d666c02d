/** Which notices a question, its images and its conversation call for. Rules alone; the same input gives the same notices. */
import { plural } from '../format/quantities.ts';
import { emergencyIn } from './rules/emergency-words.ts';
import type { PoorImage } from './rules/image-content.ts';
import { unlistedLanguage } from './rules/question-language.ts';

export interface GuardNotice {
  /** Of its kind, and of what it is about: what was dismissed stays so. */
  id: string;
  words: string;
  isUrgent?: boolean;
}

export interface GuardedImage {
  name: string;
  width: number;
  height: number;
  /** Of the file. */
  bytes: number;
  format: string;
  /** Pixels across that the model sees of it; absent where that is not known. */
  seenWidth?: number;
  /** What its pixels tell; absent as long as they were not looked at. */
  poor?: PoorImage | null;
}

export interface Guarded {
  /** What is written, or was asked last. */
  question: string;
  model?: { name: string; languages: readonly string[] | undefined };
  /** Earlier messages that the last answer was written without. */
  droppedMessages: number;
  images: readonly GuardedImage[];
}

/** An image that is shown at less than this part of its size loses what is a few pixels wide. */
const smallestScale = 0.4;
/** A photograph of fewer bytes a pixel shows blocks and blur. */
const fewestBytesAPixel = 0.06;
const lossyFormats = ['jpeg', 'webp', 'heic', 'avif'];

export function noticesOf({ question, model, droppedMessages, images }: Guarded): GuardNotice[] {
  const notices: GuardNotice[] = [];
  const emergency = emergencyIn(question);
  if (emergency) notices.push({ id: emergency, words: emergencyWords[emergency], isUrgent: true });
  const language = model && unlistedLanguage(question, model.languages);
  if (language) {
    const listed = (model.languages ?? []).map(nameOf).join(', ');
    notices.push({
      id: `language ${language}`,
      words: `This seems to be ${nameOf(language)}; ${model.name} is made for ${listed} and may answer worse.`,
    });
  }
  for (const image of images) notices.push(...imageNotices(image));
  if (droppedMessages > 0) {
    notices.push({
      id: 'dropped',
      words: `This conversation is longer than the model can read: ${plural(droppedMessages, 'earlier message')} no longer counted in the last answer.`,
    });
  }
  return notices;
}

const emergencyWords = {
  emergency:
    'If this is happening now, call your local emergency number. Bedside is slow, can be wrong, and is not for emergencies.',
  suicide:
    'If you think of harming yourself, call your local emergency number or a crisis line now; somebody will listen. Bedside is not for emergencies.',
} as const;

const poorWords: Readonly<Record<PoorImage, string>> = {
  tiny: 'has very few pixels: a model makes up what it cannot see.',
  uniform: 'is nearly one shade: there is little in it to see, and a model may describe more.',
  text: 'looks like a page of text: these models see pictures, and read text in them badly.',
};

function imageNotices({ name, width, height, bytes, format, seenWidth, poor }: GuardedImage): GuardNotice[] {
  if (poor) return [{ id: `${poor} ${name}`, words: `“${name}” ${poorWords[poor]}` }];
  const notices: GuardNotice[] = [];
  const scale = seenWidth === undefined ? 1 : seenWidth / width;
  if (scale < smallestScale) {
    notices.push({
      id: `shrunk ${name}`,
      words: `The model sees “${name}” at about ${Math.max(1, Math.round(100 * scale))} % of its size: what is small in it is lost. Ask about a part of it to show that larger.`,
    });
  }
  if (lossyFormats.includes(format) && bytes < fewestBytesAPixel * width * height) {
    notices.push({
      id: `lossy ${name}`,
      words: `“${name}” is strongly compressed: fine detail may be of the file, not of the body.`,
    });
  }
  return notices;
}

const names = new Intl.DisplayNames(['en'], { type: 'language' });
const nameOf = (language: string): string => names.of(language) ?? language;
