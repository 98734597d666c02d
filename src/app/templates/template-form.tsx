import { useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { TaskTemplate } from '../../client/index.ts';
import { TextOverflow } from '../composer/text-overflow.tsx';
import { Modal } from '../controls/modal.tsx';
import { useApp, useChat, useDraft } from '../state/app-context.tsx';
import { visualTokensOf } from '../state/drafts/attachment.ts';
import { type FilledFields, fillForm, formOf } from '../state/drafts/form-store.ts';
import { composeQuestion, filledIn, missingFields } from './built-in/compose-question.ts';
import { ImageNeeds, useImageNeeds } from './image-needs.tsx';
import { removeOwnTemplate } from './own-templates.ts';
import { TaskFieldInput } from './task-field.tsx';
import { putIntoQuestion, sendAtOnce } from './use-template.ts';

interface TemplateFormProps {
  template: TaskTemplate;
  isOwn: boolean;
  /** Opens its editor; of one that comes with Bedside a copy is made there. */
  onEdit: () => void;
  onBack: () => void;
  onClose: () => void;
}

/** The fields of a template above the question that they make. */
export function TemplateForm({ template, isOwn, onEdit, onBack, onClose }: TemplateFormProps) {
  const app = useApp();
  const previewId = useId();
  const fields = useRef<HTMLDivElement>(null);
  const conversationId = useDraft(state => state.conversationId);
  const imageTokens = useDraft(({ attachments }) => visualTokensOf(attachments));
  const isRunning = useChat(state => state.run !== null);
  const [filled, setFilled] = useState(() => formOf(app.forms, conversationId, template.id));
  const [wasMissed, setMissed] = useState(false);
  const needs = useImageNeeds(template);
  const missing = missingFields(template, filled);
  const question = composeQuestion(template, filled);

  const fill = (next: FilledFields) => {
    setFilled(next);
    fillForm(app.forms, conversationId, template.id, next);
  };
  const use = (how: typeof putIntoQuestion) => {
    if (missing.length > 0) {
      flushSync(() => setMissed(true));
      fields.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
      return;
    }
    flushSync(onClose);
    fillForm(app.forms, conversationId, template.id, {});
    how(app, conversationId, template, question);
  };

  return (
    <Modal
      title={template.name}
      className="modal-wide"
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={() => use(putIntoQuestion)}>
            Put into the question
          </button>
          <button
            type="button"
            className="button button-primary"
            disabled={isRunning || needs.lacks}
            onClick={() => use(sendAtOnce)}
          >
            Send
          </button>
        </>
      }
    >
      <p className="muted">{template.about}</p>
      <div className="button-row">
        <button type="button" className="button" onClick={onBack}>
          All templates
        </button>
        <button type="button" className="button" onClick={onEdit}>
          {isOwn ? 'Edit this template…' : 'Make your own of it…'}
        </button>
        {isOwn && (
          <button
            type="button"
            className="button"
            onClick={() => {
              flushSync(onBack);
              removeOwnTemplate(app, template);
            }}
          >
            Delete this template
          </button>
        )}
      </div>
      {template.images > 0 && <ImageNeeds needs={needs} />}
      <div className="task-fields" ref={fields}>
        {template.fields.map((field, at) => (
          <TaskFieldInput
            key={field.id}
            field={field}
            takesFocus={at === 0}
            value={filledIn(field, filled)}
            isMissed={wasMissed && missing.includes(field)}
            onChange={value => fill({ ...filled, [field.id]: value })}
          />
        ))}
      </div>
      <section className="task-preview" aria-labelledby={previewId}>
        <h3 id={previewId}>The question, word for word</h3>
        <p className="task-question" dir="auto">
          {question}
        </p>
        <TextOverflow
          text={question}
          imageTokens={imageTokens}
          onEdit={() => fields.current?.querySelector<HTMLElement>('textarea, input')?.focus()}
        />
        {isRunning && (
          <p className="muted">An answer is being written: this can be sent when it has ended.</p>
        )}
        <p className="muted">
          From “{template.name}”, version {template.version}. The conversation keeps that with the question.
        </p>
      </section>
    </Modal>
  );
}
