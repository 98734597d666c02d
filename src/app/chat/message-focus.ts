/**
 * Where focus goes when a message takes its control away or becomes another version of itself: to the control of the same
 * name in the same place of the conversation, else to the message that is there now.
 */
export function inTheSamePlace(control: HTMLElement, list: HTMLElement): () => HTMLElement | null {
  const row = control.closest('[data-message]');
  const number = row?.getAttribute('aria-posinset');
  const name = nameOf(control);
  const isArrow = control.closest('.branches') !== null;
  const isEdit = control.closest('.edit') !== null;
  return () => {
    const item = list.querySelector(`:scope > [aria-posinset="${number}"]`) ?? list.lastElementChild;
    const controls = [...(item?.querySelectorAll<HTMLButtonElement>('button:enabled') ?? [])];
    return (
      controls.find(each => nameOf(each) === (isEdit ? 'Edit question' : name)) ??
      // The last version has no next one: the way back is beside it.
      (isArrow ? controls.find(each => each.closest('.branches')) : undefined) ??
      item?.querySelector<HTMLElement>('article') ??
      document.querySelector<HTMLElement>('#question')
    );
  };
}

const nameOf = (control: Element): string => control.getAttribute('aria-label') ?? control.textContent ?? '';
