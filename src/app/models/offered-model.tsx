import { useEffect, useId, useRef, useState } from 'react';
import { type ErrorData, type TemplateChoice as Template, toErrorData } from '../../client/index.ts';
import { useApp, useSettings } from '../state/app-context.tsx';
import { type DescribedOffer, type Offer, offeredName, subjectOfUnseen } from '../state/model/offer.ts';
import { DescribedModel } from './described-model.tsx';
import { TermsGate } from './terms-gate.tsx';

interface OfferedModelProps {
  offer: Offer;
  onUse: (described: DescribedOffer, template: Template | null) => void;
  onKeep: (described: DescribedOffer, template: Template | null) => void;
  /** Of what could not be looked at now: what it is shows once it is here. */
  onKeepUnseen: () => void;
  onDismiss: () => void;
}

/** What a dropped, picked or named model is, whether it runs here and how it is asked, before it is used or kept. */
export function OfferedModel({ offer, onUse, onKeep, onKeepUnseen, onDismiss }: OfferedModelProps) {
  const state = useDescription(offer);
  const heading = useRef<HTMLHeadingElement>(null);
  const titleId = useId();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each offer is a new one to be told of
  useEffect(() => heading.current?.focus(), [offer]);
  const described = 'described' in state ? state.described : null;
  return (
    <section className="offered" aria-labelledby={titleId}>
      <h3 id={titleId} ref={heading} tabIndex={-1} dir="auto" data-focus-first="">
        {described?.entry.name ?? offeredName(offer)}
      </h3>
      <div role="status">{'isReading' in state && <p className="muted">Reading what this file is…</p>}</div>
      {'error' in state && (
        <p className="field-error" role="alert" data-code={state.error.code}>
          {state.error.message} {state.error.advice}
        </p>
      )}
      {described && <DescribedModel offer={offer} described={described} onUse={onUse} onKeep={onKeep} />}
      {'error' in state && state.error.code === 'network' && offer.kind === 'remote' && (
        <TermsGate subject={subjectOfUnseen(offer)}>
          <button type="button" className="button" onClick={onKeepUnseen}>
            Fetch it all the same
          </button>
        </TermsGate>
      )}
      <button type="button" className="text-button" onClick={onDismiss}>
        Not this one
      </button>
    </section>
  );
}

type Description = { isReading: true } | { error: ErrorData } | { described: DescribedOffer };

/** What the files are, read again when the settings change that the plan of memory depends on. */
function useDescription(offer: Offer): Description {
  const { offerController } = useApp();
  const precision = useSettings(state => state.settings.precision);
  const contextTokens = useSettings(state => state.settings.contextTokens);
  const [state, setState] = useState<Description>({ isReading: true });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the controller plans with the settings as they are
  useEffect(() => {
    let isCurrent = true;
    const show = (next: Description) => {
      if (isCurrent) setState(next);
    };
    setState({ isReading: true });
    offerController.describe(offer).then(
      described => show({ described }),
      error => show({ error: toErrorData(error) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [offerController, offer, precision, contextTokens]);
  return state;
}
