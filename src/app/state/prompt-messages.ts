import type { ChatMessage, Message } from '../../client/index.ts';

/** What the model is given of a path that ends with a question: turns that got no answer are left out. */
export function promptMessages(path: readonly Message[]): ChatMessage[] {
  return path
    .filter(({ role, text }, place) => {
      if (role === 'assistant') return text.trim() !== '';
      const answer = path[place + 1];
      return answer === undefined || answer.text.trim() !== '';
    })
    .map(({ role, text }) => ({ role, text }));
}
