import { useEffect, useMemo, useState } from 'react';
import { pathTo, presentationKey } from '../../client/index.ts';
import { CloseIcon, InfoIcon } from '../controls/icons.tsx';
import { useApp, useAttachments, useChat, useDraft, useModel } from '../state/app-context.tsx';
import type { App } from '../state/create-app.ts';
import { isReady, type ReadyAttachment } from '../state/drafts/attachment.ts';
import { showsItself } from '../state/images/shown-pictures.ts';
import { type GuardedImage, noticesOf } from './notices.ts';
import { type PoorImage, poorImage } from './rules/image-content.ts';
import { languagesOf } from './rules/question-language.ts';

/** The one place of all notices, above the question. It is there from the first: screen readers say only what changes in one. */
export function GuardNotices() {
  const app = useApp();
  const tree = useChat(state => state.tree);
  const draft = useDraft(({ text }) => text);
  const attachments = useAttachments(state => state.attachments);
  const entry = useModel(state => state.entry);
  const ofFile = useModel(state => state.info?.identity.languages);
  const ready = useMemo(() => attachments.filter(isReady), [attachments]);
  const poor = usePoorImages(ready);
  const notices = useMemo(() => {
    const path = pathTo(tree);
    const asked = path.findLast(({ role }) => role === 'user')?.text ?? '';
    const answer = path.findLast(({ role }) => role === 'assistant');
    return noticesOf({
      question: draft.trim() || (ready.length > 0 ? '' : asked),
      ...(entry ? { model: { name: entry.name, languages: languagesOf(entry.id, ofFile) } } : {}),
      droppedMessages: answer?.droppedMessages ?? 0,
      images: ready.map(attachment => guardedImage(attachment, poor.get(lookedAtKey(attachment)))),
    });
  }, [tree, draft, ready, poor, entry, ofFile]);
  const dismissed = tree.conversation.dismissedNotices ?? [];
  const shown = notices.filter(({ id }) => !dismissed.includes(id));
  return (
    <div className="guards" role="status" aria-label="Notices about this question">
      {shown.map(({ id, words, isUrgent = false }) => (
        <div className="guard" key={id} data-urgent={isUrgent}>
          <InfoIcon size={16} />
          <p dir="auto">{words}</p>
          <button
            type="button"
            className="icon-button"
            aria-label="Dismiss this notice"
            title="Not again in this conversation"
            onClick={() => {
              dismiss(app, id);
              document.querySelector<HTMLElement>('#question')?.focus();
            }}
          >
            <CloseIcon size={16} />
          </button>
        </div>
      ))}
    </div>
  );
}

/** For this conversation; kept with it as soon as something was asked in it. */
function dismiss({ chat, answerParts }: App, id: string): void {
  const { tree } = chat.getState();
  if (tree.conversation.condition === 'later-version') return;
  const dismissedNotices = [...(tree.conversation.dismissedNotices ?? []), id];
  const conversation = { ...tree.conversation, dismissedNotices };
  chat.setState({ tree: { ...tree, conversation } });
  if (tree.messages.length > 0) void answerParts.conversationList.save(conversation);
}

function guardedImage(
  { name, blob, report, views, presentation }: ReadyAttachment,
  poor: PoorImage | null | undefined,
): GuardedImage {
  const { width, height, format } = report;
  // Of a part that is asked about, the reader has chosen what is seen.
  const seenWidth =
    views && !presentation?.region
      ? Math.max(...views.map(({ grid, tile }) => grid[0] * tile.width))
      : undefined;
  return {
    name,
    width,
    height,
    format,
    bytes: blob.size,
    ...(seenWidth === undefined ? {} : { seenWidth }),
    ...(poor === undefined ? {} : { poor }),
  };
}

/** Of what was looked at, as it is shown: in another window an image may have something to see. */
const lookedAtKey = ({ report, presentation }: ReadyAttachment): string =>
  `${report.id} ${presentation ? presentationKey({ ...presentation, region: null }) : ''}`;

/** What the pixels of images tell, as soon as they were looked at. */
function usePoorImages(attachments: readonly ReadyAttachment[]): ReadonlyMap<string, PoorImage | null> {
  const { pictures } = useApp();
  const [found, setFound] = useState<ReadonlyMap<string, PoorImage | null>>(new Map());
  useEffect(() => {
    let isWanted = true;
    for (const attachment of attachments) {
      const key = lookedAtKey(attachment);
      if (found.has(key)) continue;
      const { blob, report, presentation } = attachment;
      const shown = showsItself(attachment)
        ? blob
        : pictures.find({ blob, id: report.id, ...(presentation ? { presentation } : {}) });
      void lookAt(shown).then(picture => {
        const poor = picture && poorImage(report, picture);
        if (isWanted) setFound(before => (before.has(key) ? before : new Map(before).set(key, poor)));
      });
    }
    return () => {
      isWanted = false;
    };
  }, [attachments, found, pictures]);
  return found;
}

/** Pixels along the longer side: lines of text are still apart. */
const lookedAtPixels = 256;

/** Smaller; null of what cannot be shown. */
async function lookAt(shown: Blob | Promise<Blob>): Promise<ImageData | null> {
  try {
    const bitmap = await createImageBitmap(await shown);
    const scale = Math.min(1, lookedAtPixels / Math.max(bitmap.width, bitmap.height));
    const [width, height] = [bitmap.width, bitmap.height].map(side => Math.max(1, Math.round(side * scale)));
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width, height });
    const context = canvas.getContext('2d');
    context?.drawImage(bitmap, 0, 0, width!, height!);
    bitmap.close();
    return context?.getImageData(0, 0, width!, height!) ?? null;
  } catch {
    return null;
  }
}
