import type { AskedAs, Conversation, SamplingSettings, Settings } from '../../../client/index.ts';

/** How the reader wants the answers of a conversation: what a field lacks is left to the model. */
export interface Wishes {
  sampling: SamplingSettings | null;
  maxTokens: number;
  thoughtTokens: number;
  asked: AskedAs | undefined;
}

/** What is chosen for the conversation goes before its preset, and that before what holds for all. */
export function wishesOf(
  settings: Pick<Settings, 'sampling' | 'maxTokens' | 'thoughtTokens' | 'askedAs'>,
  conversation: Pick<Conversation, 'sampling' | 'preset'> | undefined,
  modelId: string,
): Wishes {
  const { sampling, preset } = conversation ?? {};
  const { system, thinks } = preset ?? {};
  const asked = settings.askedAs[modelId];
  const own = { ...(system === undefined ? {} : { system }), ...(thinks === undefined ? {} : { thinks }) };
  return {
    sampling: sampling ?? preset?.sampling ?? settings.sampling,
    maxTokens: preset?.maxTokens ?? settings.maxTokens,
    thoughtTokens: preset?.thoughtTokens ?? settings.thoughtTokens,
    asked: Object.keys(own).length > 0 ? { ...asked, ...own } : asked,
  };
}
