import type { Mending } from '../types/prompt-text.ts';
import type { TurnMessage } from './render-messages.ts';

const between = '\n\n';

/** The system text before the first question; undefined where there is no system text or no question. */
export function foldSystem(messages: readonly TurnMessage[]): TurnMessage[] | undefined {
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  const rest = messages.filter(({ role }) => role !== 'system');
  const first = rest.findIndex(({ role }) => role === 'user');
  if (system.length === 0 || first < 0) return undefined;
  const texts = [...system, rest[first]!.content].filter(text => text !== '');
  return rest.with(first, { ...rest[first]!, content: texts.join(between) });
}

/** Neighbouring questions as one, and neighbouring answers. */
export function joinNeighbours(messages: readonly TurnMessage[]): {
  messages: TurnMessage[];
  mendings: Mending[];
} {
  const joined: TurnMessage[] = [];
  const mendings = new Set<Mending>();
  for (const message of messages) {
    const last = joined.at(-1);
    if (last?.role === message.role && message.role !== 'system') {
      joined.splice(-1, 1, { ...last, content: `${last.content}${between}${message.content}` });
      mendings.add(message.role === 'user' ? 'questions-joined' : 'answers-joined');
    } else joined.push(message);
  }
  return { messages: joined, mendings: [...mendings] };
}
