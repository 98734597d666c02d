import type { Preset } from '../../client/index.ts';
import { plural } from './quantities.ts';
import { samplingInWords } from './sampling-in-words.ts';

/** "The most likely word every time; answers up to 400 tokens, thoughts up to 1,024; with a role" */
export function presetInWords({ sampling, maxTokens, thoughtTokens, thinks, system }: Preset): string {
  const words = sampling ? samplingInWords(sampling) : 'words as in the settings';
  const thought = thinks === false ? 'no thinking' : `thoughts up to ${plural(thoughtTokens, 'token')}`;
  return [
    words.charAt(0).toUpperCase() + words.slice(1),
    `answers up to ${plural(maxTokens, 'token')}`,
    thought,
    ...(system ? ['a role'] : []),
  ].join('; ');
}
