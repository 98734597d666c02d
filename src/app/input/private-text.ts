import { useSettings } from '../state/app-context.tsx';

/**
 * What keeps the text of a field on this device, and as it was typed. Browsers send text to services of their makers: for
 * spelling (Chrome's enhanced spell check, Edge's editor), for translation, for suggestions while writing; and what
 * corrects by itself changes the names of drugs.
 */
export const privateText = {
  translate: 'no',
  spellCheck: false,
  autoComplete: 'off',
  autoCorrect: 'off',
  autoCapitalize: 'off',
  writingsuggestions: 'false',
} as const;

/** Of the fields that a reader writes sentences in: with the browser's spell check where the reader asked for it. */
export function usePrivateText() {
  const spellCheck = useSettings(state => state.settings.spellCheck);
  return { ...privateText, spellCheck };
}
