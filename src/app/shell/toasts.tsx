import { useApp, useUi } from '../state/app-context.tsx';
import { CloseIcon } from './icons.tsx';

export function Toasts() {
  const { ui } = useApp();
  const toasts = useUi(state => state.toasts);
  return (
    <div className="toasts" role="status" aria-label="Notifications">
      {toasts.map(({ id, text, action }) => (
        <div className="toast" key={id}>
          <span>{text}</span>
          {action && (
            <button
              type="button"
              className="toast-action"
              onClick={() => {
                action.run();
                ui.getState().dismissToast(id);
              }}
            >
              {action.label}
            </button>
          )}
          <button
            type="button"
            className="icon-button"
            aria-label="Dismiss"
            onClick={() => ui.getState().dismissToast(id)}
          >
            <CloseIcon size={16} />
          </button>
        </div>
      ))}
    </div>
  );
}

/** The one place that speaks to screen readers while an answer is written. */
export function LiveRegion() {
  const announcement = useUi(state => state.announcement);
  return (
    <div className="visually-hidden" role="status" aria-live="polite" data-testid="announcer">
      {announcement}
    </div>
  );
}
