import { useState } from 'react';
import { SendIcon, StopIcon, TemplateIcon } from '../controls/icons.tsx';
import { AttachButton } from '../images/attach-button.tsx';
import { AttachmentPanel } from '../images/attachment-panel.tsx';
import { StudiesButton } from '../images/studies-button.tsx';
import { handleKey, handleSubmit } from '../input/input-method.ts';
import { usePrivateText } from '../input/private-text.ts';
import { AttachTextButton } from '../sources/attach-text-button.tsx';
import { LatePasteOffer, LateSourcePanel, longPaste } from '../sources/late-sources.tsx';
import { useApp, useChat, useDraft, useModel } from '../state/app-context.tsx';
import { canAsk, visualTokensOf } from '../state/drafts/attachment.ts';
import { changeDraft } from '../state/drafts/draft-store.ts';
import { isComing } from '../state/model/model-store.ts';
import { AttachMenu } from './attach-menu.tsx';
import { fieldDirection } from './field-direction.ts';
import { TextOverflow } from './text-overflow.tsx';
import { useAutoGrow } from './use-auto-grow.ts';

export function Composer() {
  const { chatController, drafts, openFiles, ui } = useApp();
  const conversationId = useDraft(state => state.conversationId);
  const draft = useDraft(state => state.text);
  const ref = useAutoGrow(draft);
  const privateText = usePrivateText();
  const isRunning = useChat(state => state.run !== null);
  const isStopping = useChat(state => state.run?.phase === 'stopping');
  const elsewhere = useChat(({ run, tree }) =>
    run && run.conversation.id !== tree.conversation.id ? run.conversation.title : null,
  );
  const isLoading = useModel(state => isComing(state.phase));
  const canAnswer = useModel(state => state.device.status !== 'failed');
  const isAskable = useDraft(({ text, attachments, sources }) => canAsk(text, attachments, sources));
  const imageTokens = useDraft(({ attachments }) => visualTokensOf(attachments));
  const hasSources = useDraft(state => state.sources.length > 0);
  const [pasted, setPasted] = useState<string | null>(null);
  const hasImages = useDraft(state => state.attachments.length > 0);

  const openTemplates = () => ui.getState().openDialog({ kind: 'templates' });
  const send = () => {
    if (!isAskable) return;
    if (isRunning) return chatController.noteWaiting();
    ref.current?.focus();
    void chatController.send(draft, conversationId);
  };

  return (
    <form className="composer" onSubmit={handleSubmit(send)}>
      {elsewhere !== null && <p className="composer-note">An answer is being written in “{elsewhere}”.</p>}
      {elsewhere !== null && isAskable && (
        <p className="composer-note">Your question is kept here. Send it when that answer has ended.</p>
      )}
      <AttachmentPanel />
      <LateSourcePanel />
      <LatePasteOffer pasted={pasted} onEnd={() => setPasted(null)} />
      {!hasSources && (
        <TextOverflow text={draft} imageTokens={imageTokens} onEdit={() => ref.current?.focus()} />
      )}
      <div className="composer-field">
        <AttachMenu />
        <AttachButton />
        <AttachTextButton />
        <StudiesButton />
        <button
          type="button"
          className="icon-button templates"
          aria-label="Templates"
          title="Templates (/)"
          onClick={openTemplates}
        >
          <TemplateIcon />
        </button>
        <textarea
          id="question"
          ref={ref}
          aria-label="Your question"
          placeholder={
            canAnswer ? placeholder(isLoading, hasImages, hasSources) : 'No answers in this browser'
          }
          value={draft}
          rows={1}
          dir={fieldDirection(draft)}
          {...privateText}
          onChange={event => {
            // Typed into the empty field it asks for the templates, and is no part of a question.
            if (draft === '' && event.target.value === '/') return openTemplates();
            changeDraft(drafts, conversationId, { text: event.target.value });
          }}
          onPaste={event => {
            const files = [...event.clipboardData.files];
            const text = event.clipboardData.getData('text/plain');
            if (text.length >= longPaste) setPasted(text.replace(/\r\n?/g, '\n'));
            // What office programs copy is a text and its picture: then the text is meant.
            if (files.length === 0 || event.clipboardData.types.includes('text/plain')) return;
            event.preventDefault();
            void openFiles(files);
          }}
          onKeyDown={handleKey(event => {
            if (event.key === 'Enter' && !event.shiftKey) {
              event.preventDefault();
              send();
            }
          })}
        />
        {isRunning ? (
          <button
            key="stop"
            type="button"
            className="send send-stop"
            aria-label="Stop"
            title="Stop (Escape)"
            disabled={isStopping}
            onClick={event => {
              // The second click of a double click on "Send".
              if (event.detail > 1) return;
              chatController.stop();
              ref.current?.focus();
            }}
          >
            <StopIcon />
          </button>
        ) : (
          <button
            key="send"
            type="submit"
            className="send"
            aria-label="Send"
            title="Send (Enter)"
            disabled={!isAskable}
          >
            <SendIcon />
          </button>
        )}
      </div>
    </form>
  );
}

function placeholder(isLoading: boolean, hasImages: boolean, hasSources: boolean): string {
  if (isLoading) return 'Ask while the model loads';
  if (hasSources && !hasImages) return 'Ask about the text';
  return hasImages ? 'Ask about the image' : 'Ask a medical question';
}
