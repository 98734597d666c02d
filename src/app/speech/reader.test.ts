// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { languageOf } from './language-of.ts';
import { inPieces, localVoices, readAloud, readingStore, stopReading } from './reader.ts';

interface Spoken {
  text: string;
  voice: { name: string } | null;
  lang: string;
  onend?: () => void;
  onerror?: () => void;
}
let spoken: Spoken[];
let cancelled: number;
const voice = (name: string, lang: string, localService: boolean) => ({
  name,
  lang,
  localService,
  default: false,
});
let voices: ReturnType<typeof voice>[];

beforeEach(() => {
  spoken = [];
  cancelled = 0;
  voices = [voice('far', 'en-US', false), voice('near', 'en-GB', true), voice('nah', 'de-DE', true)];
  vi.stubGlobal('speechSynthesis', {
    getVoices: () => voices,
    speak: (utterance: Spoken) => spoken.push(utterance),
    cancel: () => cancelled++,
  });
  vi.stubGlobal(
    'SpeechSynthesisUtterance',
    class {
      text: string;
      voice = null;
      lang = '';
      constructor(text: string) {
        this.text = text;
      }
    },
  );
});
afterEach(() => {
  stopReading();
  vi.unstubAllGlobals();
});

test('only voices of this machine read, in the language of the text', () => {
  expect(localVoices().map(({ name }) => name)).toEqual(['near', 'nah']);
  expect(readAloud('a', 'The dose of this is in the table.')).toBeNull();
  expect(spoken.map(each => each.voice?.name)).toEqual(['near']);
  readAloud('a', 'Die Dosis ist nicht in der Tabelle.');
  expect(spoken.at(-1)).toMatchObject({ lang: 'de-DE', voice: { name: 'nah' } });
});

test('without a voice of this machine, or of the language, nothing is read and why is said', () => {
  expect(readAloud('a', 'Доза не указана в таблице.')).toBe('There is no Russian voice on this device.');
  voices = [voice('far', 'en-US', false)];
  expect(readAloud('a', 'The dose.')).toBe('There is no voice on this device.');
  vi.stubGlobal('speechSynthesis', undefined);
  expect(readAloud('a', 'The dose.')).toBe('There is no voice on this device.');
  expect(spoken).toEqual([]);
});

test('one answer at a time, until its end or until it is stopped', () => {
  readAloud('a', 'The first.');
  expect(readingStore.getState().answerId).toBe('a');
  readAloud('b', 'The second.');
  expect([cancelled, readingStore.getState().answerId]).toEqual([1, 'b']);
  spoken[0]!.onerror!();
  expect(readingStore.getState().answerId).toBe('b');
  spoken[1]!.onend!();
  expect(readingStore.getState().answerId).toBeNull();
  readAloud('c', 'The third.');
  stopReading();
  expect([cancelled, readingStore.getState().answerId]).toEqual([2, null]);
});

test('a long text is read in pieces that lose nothing', () => {
  const text = `${'A sentence of some words. '.repeat(30)}${'x'.repeat(450)} ${'long words '.repeat(60)}`;
  const pieces = inPieces(text);
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(201);
  expect(pieces.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
});

test.each([
  ['The results of this test are not in the range.', 'en'],
  ['Die Ergebnisse sind nicht im Bereich und der Wert ist zu hoch.', 'de'],
  ['Les résultats ne sont pas dans la plage et le taux est élevé.', 'fr'],
  ['Los resultados no son normales y el valor es alto para la edad.', 'es'],
  ['I risultati non sono nella norma e il valore è alto per la età.', 'it'],
  ['Os resultados não são normais e o valor é alto para a idade.', 'pt'],
  ['De resultaten zijn niet normaal en het is te hoog voor een kind.', 'nl'],
  ['Результаты не в норме.', 'ru'],
  ['Результати не в нормі, її стан', 'uk'],
  ['結果は正常ではありません。', 'ja'],
  ['结果不正常。', 'zh'],
  ['결과가 정상이 아닙니다.', 'ko'],
  ['النتائج ليست طبيعية.', 'ar'],
  ['Creatinine α β', 'en'],
  ['5 mg', 'en'],
])('%s', (text, language) => {
  expect(languageOf(text)).toBe(language);
});
