import type { Action, ActionGroup } from './action.ts';
import { conversationActions } from './conversation-actions.ts';
import { modelActions, pageActions } from './page-actions.ts';
import { answerActions, questionActions } from './question-actions.ts';

/** All that can be done on the page, in the order of the lists. */
export const actionGroups: readonly ActionGroup[] = [
  { name: 'Question', actions: questionActions },
  { name: 'Answer', actions: answerActions },
  { name: 'Conversations', actions: conversationActions },
  { name: 'Model and device', actions: modelActions },
  { name: 'Page', actions: pageActions },
];

export const actions: readonly Action[] = actionGroups.flatMap(group => group.actions);

export function findAction(id: string): Action {
  const found = actions.find(action => action.id === id);
  if (!found) throw new Error(`there is no action "${id}"`);
  return found;
}
