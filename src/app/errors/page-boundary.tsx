import { type ReactNode, useState } from 'react';
import { pathTo } from '../../client/index.ts';
import { conversationsAsText } from '../format/conversation-text.ts';
import { useApp } from '../state/app-context.tsx';
import { Boundary, type Failure } from './boundary.tsx';
import { FailedPart, ReloadButton } from './failed-part.tsx';

/** The last one: whatever happens there are words and a way on, and what is stored can be had. */
export function PageBoundary({ children }: { children: ReactNode }) {
  return <Boundary fallback={failure => <FailedPage {...failure} />}>{children}</Boundary>;
}

function FailedPage(failure: Failure) {
  const { chat, exportConversations, storage } = useApp();
  const [outcome, setOutcome] = useState('');
  const isKept = !storage.getState().hasUnsaved;
  return (
    <main className="failed-page">
      <h1>Bedside</h1>
      <FailedPart
        {...failure}
        what="The page"
        text={() => {
          const { tree } = chat.getState();
          return conversationsAsText([{ ...tree, messages: pathTo(tree) }]);
        }}
        actions={
          <>
            <ReloadButton />
            <button
              type="button"
              className="button"
              onClick={() => void exportConversations().then(setOutcome)}
            >
              Save all conversations as a file
            </button>
          </>
        }
      >
        <p>
          {isKept
            ? 'Your conversations are stored on this device.'
            : 'Some of what was written is not stored yet: copy it, or save it as a file, before the page is reloaded.'}
        </p>
      </FailedPart>
      <p role="status">{outcome}</p>
    </main>
  );
}
