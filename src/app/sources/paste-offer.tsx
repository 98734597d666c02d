import { splitPassages } from '../../client/index.ts';
import { formatCount } from '../format/quantities.ts';
import { useApp, useDraft } from '../state/app-context.tsx';
import { attachPasted } from '../state/drafts/attach-sources.ts';
import { changeDraft, draftOf } from '../state/drafts/draft-store.ts';

interface PasteOfferProps {
  pasted: string;
  onEnd: () => void;
}

/** Offers to keep a long pasted text beside the question. */
export function PasteOffer({ pasted, onEnd }: PasteOfferProps) {
  const { drafts } = useApp();
  const conversationId = useDraft(state => state.conversationId);
  const end = () => {
    onEnd();
    document.querySelector<HTMLElement>('#question')?.focus();
  };
  return (
    <div className="composer-note paste-offer" role="status">
      <span>{formatCount(pasted.length)} characters pasted.</span>
      <button
        type="button"
        className="button"
        onClick={() => {
          const { text } = draftOf(drafts.getState(), conversationId);
          changeDraft(drafts, conversationId, { text: text.replace(pasted, () => '').trim() });
          attachPasted(splitPassages(pasted.replace(/\r\n?/g, '\n')), conversationId, drafts);
          end();
        }}
      >
        Ask about it as a text
      </button>
      <button type="button" className="text-button" onClick={end}>
        Keep it in the question
      </button>
    </div>
  );
}
