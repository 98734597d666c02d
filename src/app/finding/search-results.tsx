import { useEffect, useState } from 'react';
import { plural } from '../../client/index.ts';
import { formatMoment } from '../format/moment.ts';
import type { Found } from '../search/conversation-index.ts';
import type { SnippetPart } from '../search/snippet.ts';
import { useApp, useChat, useConversationList } from '../state/app-context.tsx';
import { type Findings, searcherOf } from './searcher.ts';

/** What was found, in the place of the list of conversations. */
export function SearchResults({ typed }: { typed: string }) {
  const app = useApp();
  const conversations = useConversationList(state => state.conversations);
  const answeringId = useChat(state => state.run?.messageId);
  const [findings, setFindings] = useState<Findings | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is listed or answered has changed, and is searched again
  useEffect(() => {
    const stop = new AbortController();
    searcherOf(app)
      .search(typed, stop.signal)
      .then(setFindings, thrown => {
        if (!stop.signal.aborted) throw thrown;
      });
    return () => stop.abort();
  }, [app, typed, conversations, answeringId]);

  const archived = new Set(conversations.filter(({ filing }) => filing?.isArchived).map(({ id }) => id));
  return (
    <div className="history">
      <p className="search-count" role="status">
        {findings ? inWords(findings) : 'Searching…'}
      </p>
      <ul aria-label="Found">
        {findings?.found.map(found => (
          <FoundItem
            key={`${found.conversationId}/${found.messageId}`}
            found={found}
            isArchived={archived.has(found.conversationId)}
          />
        ))}
      </ul>
    </div>
  );
}

function FoundItem({ found, isArchived }: { found: Found; isArchived: boolean }) {
  const { chatController } = useApp();
  const { conversationId, messageId, title, snippet, role, at } = found;
  return (
    <li className="history-item">
      <button
        type="button"
        className="found-open"
        onClick={() =>
          void (messageId
            ? chatController.openAt(conversationId, messageId)
            : chatController.open(conversationId))
        }
      >
        <span className="found-title" dir="auto">
          <Marked parts={title} />
        </span>
        {role && (
          <span className="found-snippet" dir="auto">
            <Marked parts={snippet} />
          </span>
        )}
        <span className="found-origin">
          {role ? `${role === 'user' ? 'Question' : 'Answer'}, ` : ''}
          {formatMoment(at)}
          {isArchived ? ', in the archive' : ''}
        </span>
      </button>
    </li>
  );
}

function Marked({ parts }: { parts: readonly SnippetPart[] }) {
  return parts.map(({ text, isMatch }, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: a part has no identity but its place
    isMatch ? <mark key={index}>{text}</mark> : text,
  );
}

function inWords({ found, hasMore, unread }: Findings): string {
  const lost = unread > 0 ? ` ${plural(unread, 'conversation')} could not be read.` : '';
  if (found.length === 0) return `Nothing found.${lost}`;
  return `${hasMore ? 'The best ' : ''}${plural(found.length, 'place')} found.${lost}`;
}
