import type { Message } from '../../client/index.ts';
import { CheckIcon, SamplesIcon, UnderlineIcon } from '../controls/icons.tsx';
import type { MenuItem } from '../controls/menu-button.tsx';
import { useApp, useChat } from '../state/app-context.tsx';
import { confidenceOf } from './requested-scores.ts';
import { useConfidence } from './underlined-answer.tsx';

/** What can be asked about an answer that has ended and is a model's own, while none is written. */
export function useConfidenceItems(answer: Message): MenuItem[] {
  const app = useApp();
  const phase = useConfidence(({ words }) => words[answer.id]?.phase);
  const isUnderlined = phase === 'scored' || phase === 'scoring';
  const isBusy = useChat(state => state.run !== null);
  if (answer.edit || (isBusy && !isUnderlined)) return [];
  return [
    {
      label: isUnderlined ? 'Underline no words' : 'Underline uncertain words',
      icon: isUnderlined ? <CheckIcon size={16} /> : <UnderlineIcon size={16} />,
      run: () => void confidenceOf(app).toggleWords(answer),
    },
    ...(isBusy
      ? []
      : [
          {
            label: 'Ask several times',
            icon: <SamplesIcon size={16} />,
            run: () => app.ui.getState().openDialog({ kind: 'samples', answerId: answer.id }),
          },
        ]),
  ];
}
