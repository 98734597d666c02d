const pressed = new Set(['radio', 'checkbox', 'button', 'range']);
const ofSlider = new Set(['Home', 'End', 'PageUp', 'PageDown']);

/** Whether the control that has the focus needs the key itself: to be written in, or moved. */
export function belongsToControl(key: string, target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  if (!(target instanceof HTMLInputElement)) return false;
  const { type } = target;
  if (!pressed.has(type) || key === ' ') return true;
  if (type === 'range' && ofSlider.has(key)) return true;
  return (type === 'range' || type === 'radio') && key.startsWith('Arrow');
}
