import { useApp, useModel } from '../state/app-context.tsx';

/** Which model answers now, and where it is said how it is asked and which others run here. */
export function LoadedModel({ canAnswer }: { canAnswer: boolean }) {
  const { ui } = useApp();
  const name = useModel(({ phase, entry }) => (phase === 'ready' ? entry?.name : undefined));
  const open = (kind: 'asking' | 'hardware') => () => ui.getState().openDialog({ kind });
  return (
    <p className="loaded-model">
      {canAnswer
        ? 'Models run on this device.'
        : 'No model runs in this browser, but models can be kept here.'}{' '}
      {name && (
        <>
          <strong dir="auto">{name}</strong> answers now.{' '}
          <button type="button" className="text-button" onClick={open('asking')}>
            How it is asked…
          </button>{' '}
        </>
      )}
      <button type="button" className="text-button" onClick={open('hardware')}>
        Which of them run on this device?
      </button>
    </p>
  );
}
