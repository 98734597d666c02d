import { createStore } from 'zustand/vanilla';
import { languageOf } from './language-of.ts';

interface ReadingState {
  /** The answer that is read; null while none is. */
  answerId: string | null;
}

const reading = createStore<ReadingState>(() => ({ answerId: null }));

/** Longer pieces are cut off by some browsers. */
const pieceLength = 200;

const synthesis = (): SpeechSynthesis | undefined =>
  typeof speechSynthesis === 'undefined' ? undefined : speechSynthesis;

/** Those that read on this machine: others send the text away. */
export function localVoices(): SpeechSynthesisVoice[] {
  return (synthesis()?.getVoices() ?? []).filter(voice => voice.localService);
}

/** Reads an answer, and nothing else any more. In words why it cannot, else null. */
export function readAloud(answerId: string, text: string): string | null {
  const speech = synthesis();
  const voices = localVoices();
  if (!speech || voices.length === 0) return 'There is no voice on this device.';
  const language = languageOf(text);
  const fitting = voices.filter(({ lang }) => lang.toLowerCase().split(/[-_]/)[0] === language);
  const voice = fitting.find(each => each.default) ?? fitting[0];
  if (!voice) {
    const name = new Intl.DisplayNames('en', { type: 'language' }).of(language) ?? language;
    return `There is no ${name} voice on this device.`;
  }
  stopReading();
  reading.setState({ answerId });
  const pieces = inPieces(text);
  for (const [index, piece] of pieces.entries()) {
    const utterance = new SpeechSynthesisUtterance(piece);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    const isLast = index === pieces.length - 1;
    if (isLast) utterance.onend = () => noteEnd(answerId);
    utterance.onerror = () => noteEnd(answerId);
    speech.speak(utterance);
  }
  return null;
}

export function stopReading(): void {
  if (reading.getState().answerId === null) return;
  reading.setState({ answerId: null });
  synthesis()?.cancel();
}

function noteEnd(answerId: string): void {
  if (reading.getState().answerId === answerId) reading.setState({ answerId: null });
}

/** Sentences, as many together as a piece holds. */
export function inPieces(text: string): string[] {
  const sentences = text.match(/[^.!?。！？\n]+[.!?。！？]*\s*/gu) ?? [];
  const pieces: string[] = [];
  for (const sentence of sentences.flatMap(inParts)) {
    const last = pieces.at(-1);
    if (last !== undefined && last.length + sentence.length <= pieceLength)
      pieces[pieces.length - 1] += sentence;
    else pieces.push(sentence);
  }
  return pieces.map(piece => piece.trim()).filter(Boolean);
}

function inParts(sentence: string): string[] {
  return (
    sentence.match(new RegExp(`[\\s\\S]{1,${pieceLength}}(?:\\s|$)|[\\s\\S]{1,${pieceLength}}`, 'g')) ?? []
  );
}

export const readingStore = reading;

export function onVoices(listener: () => void): () => void {
  const speech = synthesis();
  speech?.addEventListener?.('voiceschanged', listener);
  return () => speech?.removeEventListener?.('voiceschanged', listener);
}
