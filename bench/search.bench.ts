/** A keystroke in the search of conversations: 10,000 messages of 500 characters in memory. `npx vitest bench --run --project unit bench/search`. */
import { bench, describe } from 'vitest';
import { ConversationIndex } from '../src/app/search/conversation-index.ts';
import { Slices } from '../src/app/search/slices.ts';
import { addMessage, createConversation } from '../src/client/index.ts';

describe('10,000 messages', async () => {
  const { signal } = new AbortController();
  const index = new ConversationIndex(new Slices());
  for (let c = 0; c < 500; c++) {
    let tree = createConversation({ id: `c${c}`, title: `Conversation ${c}`, now: 1000 });
    for (let m = 0; m < 20; m++) {
      const text = `${c} ${m} ${'The patient reports dyspnée on exertion. '.repeat(12)}`;
      const parentId = tree.conversation.currentLeafId;
      ({ tree } = addMessage(tree, { id: `m${m}`, parentId, role: 'user', text, now: 1000 + m }));
    }
    await index.put(tree, signal);
  }
  for (const typed of ['dyspnee', 'patient exertion', 'nothing like it', '499 19']) {
    bench(typed, async () => void (await index.search(typed, signal)));
  }
});
