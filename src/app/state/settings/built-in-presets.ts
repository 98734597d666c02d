import { greedySampling, type Preset } from '../../../client/index.ts';

/** Presets that come with Bedside. */
export const builtInPresets: readonly Preset[] = [
  {
    id: 'medical-default',
    name: 'Medical default',
    sampling: greedySampling,
    maxTokens: 400,
    thoughtTokens: 1024,
  },
  { id: 'short', name: 'Short', sampling: greedySampling, maxTokens: 128, thoughtTokens: 256 },
  { id: 'long', name: 'Long', sampling: greedySampling, maxTokens: 1536, thoughtTokens: 4096 },
  {
    id: 'varied',
    name: 'Varied',
    sampling: { ...greedySampling, temperature: 0.8, topK: 50, topP: 0.95, seed: 1 },
    maxTokens: 400,
    thoughtTokens: 1024,
  },
];

export const isBuiltIn = ({ id }: Pick<Preset, 'id'>): boolean => builtInPresets.some(each => each.id === id);
