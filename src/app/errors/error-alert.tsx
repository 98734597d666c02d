import { flushSync } from 'react-dom';
import { type ErrorData, findMessage } from '../../client/index.ts';
import { CloseIcon, WarningIcon } from '../controls/icons.tsx';
import { choiceInWords } from '../format/load-choice.ts';
import { useApp, useChat, useModel, useSettings } from '../state/app-context.tsx';
import { isComing } from '../state/model/model-store.ts';
import { isTooSlow } from '../state/model/smaller-options.ts';
import { actionLabels, type ErrorAction, errorPresentations } from './error-actions.ts';
import { QuickerModel } from './quicker-model.tsx';

/** Characters: of a shorter question, its images are what is too long. */
const longText = 400;

interface ErrorAlertProps {
  error: ErrorData;
  /** The answer that failed: "try again" then means that answer. Absent: the model failed to load. */
  answerId?: string;
  onDismiss?: () => void;
}

/** What happened, what to do about it, the button that does it, and the technical text for a report. */
export function ErrorAlert({ error, answerId, onDismiss }: ErrorAlertProps) {
  const { title, action } = errorPresentations[error.code];
  const act = useErrorAction(answerId, onDismiss);
  const phase = useModel(state => state.phase);
  const isLoading = isComing(phase);
  // Beside an answer "Regenerate" is the second try, and a model that is back needs no loading.
  const canEdit = useCanEdit(answerId);
  const isNeeded =
    answerId === undefined || (action !== 'retry' && !(action === 'reload-model' && phase !== 'failed'));
  const isRefusedNow = useModel(state => state.refused !== null && state.error?.code === error.code);
  const offersAction = isNeeded && action !== 'dismiss' && (action !== 'edit-question' || canEdit);
  return (
    <div className="alert" role="alert" data-code={error.code} data-reason={error.reason}>
      <WarningIcon />
      <div className="alert-text">
        <p className="alert-title">{title}</p>
        <p>
          {error.message} {error.advice}
        </p>
        {error.cause && (
          <details>
            <summary>Technical details</summary>
            <pre>{`${error.code}: ${error.cause}`}</pre>
          </details>
        )}
        {answerId !== undefined && action === 'reload-model' && isLoading && (
          <p className="muted">The model is being loaded again.</p>
        )}
        {isRefusedNow && isTooSlow(error) && <QuickerModel error={error} />}
        {offersAction && (
          <div className="alert-actions">
            {answerId === undefined && <LoadChoices error={error} />}
            {isRefusedNow && error.code === 'slow-model' && <AcceptSlow answerId={answerId} />}
            <button type="button" className="button" onClick={() => act(action)}>
              {actionLabels[action]}
            </button>
          </div>
        )}
      </div>
      {onDismiss && (
        <button type="button" className="icon-button" aria-label="Dismiss" onClick={onDismiss}>
          <CloseIcon size={18} />
        </button>
      )}
    </div>
  );
}

/** Settings with which the model that found no room would find it, each a button that loads it so. */
function LoadChoices({ error: { choices = [] } }: { error: ErrorData }) {
  const { modelController } = useApp();
  const precision = useSettings(state => state.settings.precision);
  return choices.map(choice => (
    <button
      key={`${choice.precision} ${choice.contextTokens}`}
      type="button"
      className="button"
      onClick={() => void modelController.loadAs(choice)}
    >
      {choiceInWords(choice, precision)}
    </button>
  ));
}

/** The model that was refused, at the pace that was said. */
function AcceptSlow({ answerId }: { answerId: string | undefined }) {
  const { chatController, modelController } = useApp();
  const accept = async () => {
    await modelController.acceptSlow();
    if (answerId) await chatController.regenerate(answerId);
  };
  return (
    <button type="button" className="button" onClick={() => void accept()}>
      Load it all the same
    </button>
  );
}

/** The text of a question that has one worth shortening: images are not taken away by editing. */
function useCanEdit(answerId?: string): boolean {
  return useChat(({ tree, run }) => {
    const answer = answerId === undefined ? undefined : findMessage(tree, answerId);
    const question = answer?.parentId ? findMessage(tree, answer.parentId) : undefined;
    return !run && question !== undefined && (!question.images || question.text.length > longText);
  });
}

function useErrorAction(answerId?: string, onDismiss?: () => void): (action: ErrorAction) => void {
  const { chatController, modelController, ui } = useApp();
  const editQuestionOf = (answer: string) => {
    const id = flushSync(() => chatController.editQuestionOf(answer));
    document.querySelector<HTMLElement>(`[data-edits="${id}"]`)?.focus();
  };
  return action => {
    switch (action) {
      case 'retry':
        if (answerId) void chatController.regenerate(answerId);
        else void modelController.reload();
        return;
      case 'reload-model':
        void modelController.reload();
        return;
      case 'choose-model':
      case 'free-storage':
        ui.getState().openDialog({ kind: 'models' });
        return;
      case 'choose-template':
        ui.getState().openDialog({ kind: 'asking' });
        return;
      case 'reload-page':
        location.reload();
        return;
      case 'edit-question':
        if (answerId) editQuestionOf(answerId);
        return;
      case 'dismiss':
        onDismiss?.();
    }
  };
}
