import type { Message } from '../../client/index.ts';
import { InfoIcon } from '../controls/icons.tsx';

interface ConditionNoteProps {
  of: 'question' | 'answer' | 'conversation';
  condition: Message['condition'];
}

/** Of what was stored and could not be read whole. */
export function ConditionNote({ of, condition }: ConditionNoteProps) {
  if (!condition) return null;
  return (
    <p className="answer-note">
      <InfoIcon size={16} />
      {condition === 'damaged'
        ? `Part of what was stored of this ${of} is damaged. What can be read is shown; nothing of it was thrown away.`
        : `This ${of} was stored by a later version of Bedside. What this version knows of it is shown, and it is left as it is.`}
    </p>
  );
}
