import { toErrorData } from '../../../client/index.ts';
import type { Services } from '../../services/services.ts';
import type { AnswerRunner } from '../chat/answer-runner.ts';
import type { ChatStore } from '../conversation/chat-store.ts';
import type { ModelRecovery } from '../model/model-recovery.ts';

interface Dependencies {
  engine: Services['engine'];
  chat: ChatStore;
  runner: AnswerRunner;
  recovery: ModelRecovery;
}

/** A model that is lost while nothing is asked is not first missed by the next question. */
export function recoverWhenIdle({ engine, chat, runner, recovery }: Dependencies): void {
  engine.onModelLost(async error => {
    do {
      // An answer that the loss interrupts brings the model back itself.
      await runner.settled;
      if (!(await recovery.hasLost())) return;
    } while (chat.getState().run);
    await recovery.recoverIdle(toErrorData(error));
  });
}
