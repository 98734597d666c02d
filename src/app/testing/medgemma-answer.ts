import type { Message } from '../../client/index.ts';

/** For tests: an answer that says whose terms go with it, by a model whose name does not, and what these want said. */
export const medgemmaAnswer: { answer: Message; notice: string } = {
  answer: {
    v: 4,
    id: 'a',
    conversationId: 'c1',
    parentId: 'q',
    role: 'assistant',
    text: 'A normal chest.',
    createdAt: 1,
    model: 'Ward eyes',
    modelKind: 'own',
    identity: { terms: 'hai-def' },
  },
  notice:
    'HAI-DEF is provided under and subject to the Health AI Developer Foundations Terms of Use found at https://developers.google.com/health-ai-developer-foundations/terms.',
};
