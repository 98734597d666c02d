/** Why a text of the reader's own cannot be read, and what to do instead. */
import { BedsideError } from '../../engine/errors.ts';
import { inBytes, type Sentence, sentence } from '../../engine/sentence.ts';
import { mostSourceCharacters } from '../../engine/types/source-text.ts';
import { mostPages } from './limits.ts';

const unreadable = (what: Sentence, advice: string, cause?: unknown): BedsideError =>
  new BedsideError('unreadable-text', what, advice, cause);

export const noTextInPdf = (): BedsideError =>
  unreadable(
    sentence`pdf-without-text: This PDF holds pictures of pages and no text.`,
    'Run text recognition (OCR) over it and attach it again, or copy the passage out of it and paste it.',
  );

export const encryptedPdf = (): BedsideError =>
  unreadable(
    sentence`pdf-encrypted: This PDF asks for a password.`,
    'Open it where you have the password, save it without one, and attach that.',
  );

export const damagedPdf = (cause: unknown): BedsideError =>
  unreadable(
    sentence`pdf-damaged: This PDF is damaged or not whole.`,
    'Get it again from where it came from, or print it to a new PDF and attach that.',
    cause,
  );

export const tooManyPages = (pages: number): BedsideError =>
  unreadable(
    sentence`pdf-of-too-many-pages: This PDF has ${{ pages }} pages; ${{ most: mostPages }} can be read.`,
    'Save the pages that matter as a PDF of their own, and attach that.',
  );

export const fileTooLarge = (bytes: number, most: number): BedsideError =>
  unreadable(
    sentence`text-file-too-large: This file has ${{ bytes: inBytes(bytes) }}; ${{ most: inBytes(most) }} can be read.`,
    'Save the part that matters as a file of its own, and attach that.',
  );

export const tooManyCharacters = (): BedsideError =>
  unreadable(
    sentence`text-of-too-many-characters: This text is longer than the ${{ most: mostSourceCharacters }} characters that a question can have beside it.`,
    'Save the part that matters as a file of its own, and attach that.',
  );

export const emptyText = (): BedsideError =>
  unreadable(sentence`text-file-empty: There is no text in this file.`, 'Look whether it is the right file.');

export const binaryText = (): BedsideError =>
  unreadable(
    sentence`text-file-is-binary: This file does not hold plain text.`,
    'Open it in the program that made it, save it as PDF or plain text, and attach that.',
  );

export const officeFile = (kind: string): BedsideError =>
  unreadable(
    sentence`text-file-of-an-office-program: Files of the kind ${{ kind }} cannot be read here.`,
    'Open it in your office program and save it as PDF, or copy the passage and paste it.',
  );
