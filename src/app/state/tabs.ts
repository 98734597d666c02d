import type { ConversationNews } from '../../client/index.ts';
import type { Services } from '../services/services.ts';
import type { AnswerRunner } from './chat/answer-runner.ts';
import type { ChatController } from './chat/chat-controller.ts';
import type { DraftKeeper } from './drafts/draft-keeper.ts';
import type { ModelSuspension } from './model/model-suspension.ts';

interface Dependencies {
  services: Pick<Services, 'engineLock' | 'conversationNews'>;
  runner: AnswerRunner;
  suspension: ModelSuspension;
  chat: ChatController;
  draftKeeper: DraftKeeper;
}

/** What the other tabs of this browser ask of this one, and tell it. */
export function listenToTabs({ services, runner, suspension, chat, draftKeeper }: Dependencies): void {
  services.engineLock.onTaken(async () => {
    const cutOff = runner.cutOff();
    const given = suspension.giveAway();
    await cutOff;
    await given;
  });
  services.conversationNews.listen((news: ConversationNews) => {
    if (news.kind === 'changed') chat.noteChanged(news);
    if (news.kind === 'draft') void draftKeeper.noteChanged(news.id);
    if (news.kind === 'deleted') void chat.noteDeleted(news.id);
    if (news.kind === 'all-deleted') void chat.noteDeleted();
  });
}
