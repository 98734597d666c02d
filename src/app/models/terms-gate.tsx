import { type ReactNode, useEffect, useRef, useState } from 'react';
import { acceptedAt, type TermsOfUse, type TermsSubject, termsOf } from '../../client/index.ts';
import { CopyButton } from '../controls/copy-button.tsx';
import { useApp, useSettings } from '../state/app-context.tsx';

interface TermsGateProps {
  /** An entry, or what a file says of itself. */
  subject: TermsSubject;
  /** The ways to fetch or open it: there once its terms are accepted. */
  children: ReactNode;
}

/** Before a model that has terms of use: what they are, and that the reader accepts them. */
export function TermsGate({ subject, children }: TermsGateProps) {
  const terms = termsOf(subject);
  return terms ? <Gate terms={terms}>{children}</Gate> : children;
}

function Gate({ terms, children }: { terms: TermsOfUse; children: ReactNode }) {
  const { settingsController } = useApp();
  const accepted = useSettings(({ settings }) => acceptedAt(terms, settings.acceptedTerms));
  const [isAcceptedNow, setIsAcceptedNow] = useState(false);
  const note = useRef<HTMLParagraphElement>(null);
  // The button is gone: who pressed it goes on where its answer stands.
  useEffect(() => {
    if (isAcceptedNow && accepted !== undefined) note.current?.focus();
  }, [isAcceptedNow, accepted]);
  if (accepted !== undefined) {
    return (
      <>
        <p ref={note} className="muted" tabIndex={-1}>
          {terms.notice}. You accepted them, in the version of {terms.version}, on{' '}
          {new Date(accepted).toLocaleDateString('en', { dateStyle: 'long' })}.
        </p>
        {children}
      </>
    );
  }
  return (
    // No landmark: several cards may have the same.
    <div className="terms">
      <h4>Terms to accept first</h4>
      <p>{terms.notice}.</p>
      <ul>
        {terms.binds.map(each => (
          <li key={each}>{each}</li>
        ))}
      </ul>
      <p>
        <strong>Not validated for diagnosis or treatment.</strong> Google has not examined Bedside and does
        not endorse it.
      </p>
      <Address of="The terms" url={terms.address} />
      <Address of="Prohibited uses" url={terms.policyAddress} />
      <button
        type="button"
        className="button button-primary"
        onClick={() => {
          setIsAcceptedNow(true);
          void settingsController.acceptTerms(terms);
        }}
      >
        I accept the {terms.name}
      </button>
    </div>
  );
}

function Address({ of, url }: { of: string; url: string }) {
  return (
    <div className="link-address">
      {of}: <code>{url}</code>
      <CopyButton text={url} label={`Copy address: ${of}`} />
    </div>
  );
}
