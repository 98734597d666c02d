import type { Message } from '../../client/index.ts';
import { useConfidenceItems } from '../confidence/confidence-items.tsx';
import { MoreIcon, PrintIcon } from '../controls/icons.tsx';
import { MenuButton } from '../controls/menu-button.tsx';
import { useCopyItems } from '../copying/copy-answer.tsx';
import { printAnswer } from '../print/print-messages.ts';

/** What is done more rarely with an answer: the other ways to copy it, paper, and what can be asked about its words. */
export function AnswerMenu({ answer, isDemonstration }: { answer: Message; isDemonstration: boolean }) {
  const copying = useCopyItems(answer, isDemonstration);
  const [first, ...others] = useConfidenceItems(answer);
  return (
    <MenuButton
      label="More for this answer"
      icon={<MoreIcon size={18} />}
      items={[
        ...copying,
        {
          label: 'Print with its question',
          icon: <PrintIcon size={16} />,
          startsGroup: true,
          run: printAnswer,
        },
        ...(first ? [{ ...first, startsGroup: true }, ...others] : []),
      ]}
    />
  );
}
