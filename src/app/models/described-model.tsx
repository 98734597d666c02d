import { useState } from 'react';
import { bytesOfEntry, type TemplateChoice as Template } from '../../client/index.ts';
import { blindCopyWords, isBlindCopy } from '../format/blind-copy.ts';
import { claimInWords } from '../format/claim-in-words.ts';
import { memoryWords } from '../format/device-in-words.ts';
import { fixedInWords } from '../format/template-in-words.ts';
import { judgeModel } from '../hardware/verdict.ts';
import { useModel } from '../state/app-context.tsx';
import type { DescribedOffer, Offer } from '../state/model/offer.ts';
import { TemplateChoice } from './asking/template-choice.tsx';
import { IdentityFacts } from './describing/identity-facts.tsx';
import { MemoryTable } from './describing/memory-table.tsx';
import { OwnCard } from './describing/own-card.tsx';
import { StorageRoom } from './storage-room.tsx';
import { TermsGate } from './terms-gate.tsx';

interface DescribedModelProps {
  offer: Offer;
  described: DescribedOffer;
  onUse: (described: DescribedOffer, template: Template | null) => void;
  onKeep: (described: DescribedOffer, template: Template | null) => void;
}

/** An offer that was read: what it is, whether it runs here, how it is asked, and what can be done with it. */
export function DescribedModel({ offer, described, onUse, onKeep }: DescribedModelProps) {
  const { entry, claim, contradiction, runs, plan, template: own } = described;
  const [template, setTemplate] = useState(entry.template);
  const [isMissing, setIsMissing] = useState(false);
  const device = useModel(state => state.device);
  const words = claimInWords(claim, offer.kind === 'files');
  // What the catalogue knows for certain is asked as its model was trained; so is what sees images, which one template alone can.
  const isFixed = claim.by === 'hash' || entry.vision !== undefined;
  const isSettled = isFixed || template !== null;
  const chosen = isFixed ? null : template;
  const { verdict, reason } = judgeModel({ entry, device, loaded: null, plan, foundBytes: null });
  const isUsable = runs === true && offer.kind === 'files' && verdict !== 'too-slow';
  return (
    <>
      {contradiction && <p className="field-error">{contradiction}</p>}
      {words && <p>{words}</p>}
      {entry.vision && <span className="tag tag-plain">sees images</span>}
      {isBlindCopy(entry) && <p>{blindCopyWords}</p>}
      {entry.identity && <IdentityFacts identity={entry.identity} />}
      <h4>Whether it runs here</h4>
      {runs === true && plan ? (
        <>
          <p className={verdict === 'too-slow' ? 'field-error' : undefined}>{reason}</p>
          <details>
            <summary>{memoryWords(device.status === 'ready' ? device.report : null)}</summary>
            <MemoryTable name={entry.name} plan={plan} />
          </details>
        </>
      ) : (
        runs !== true && (
          <p className="field-error" role="alert" data-code={runs.code}>
            {runs.message} {runs.advice}
          </p>
        )
      )}
      <OwnCard entry={entry} />
      {runs === true && (
        <>
          <h4>How it is asked</h4>
          {isFixed ? (
            <p>{fixedInWords(entry.template, own)}</p>
          ) : (
            <TemplateChoice
              own={own}
              like={entry.looksLike ? entry.template : null}
              value={template}
              onChange={next => {
                setTemplate(next);
                setIsMissing(false);
              }}
            />
          )}
          {isMissing && (
            <p className="field-error" role="alert">
              Choose first how the conversation is written for it. In another form than its own a model
              answers badly, or does not end.
            </p>
          )}
        </>
      )}
      <TermsGate subject={entry}>
        <div className="button-row">
          {isUsable && (
            <button
              type="button"
              className="button button-primary"
              onClick={() => (isSettled ? onUse(described, chosen) : setIsMissing(true))}
            >
              {verdict === 'slow' ? 'Use it all the same' : 'Use it'}
            </button>
          )}
          <button type="button" className="button" onClick={() => onKeep(described, chosen)}>
            {offer.kind === 'files' ? 'Keep it on this device' : 'Fetch it, and keep it on this device'}
          </button>
        </div>
      </TermsGate>
      {isUsable && (
        <p className="muted">Used, it is read where it lies: after a reload the page asks for it again.</p>
      )}
      <StorageRoom bytes={bytesOfEntry(entry)} />
    </>
  );
}
