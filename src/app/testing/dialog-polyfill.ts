/**
 * jsdom has the `dialog` element but not its methods. This much is enough for a test: the element is open, the
 * first button in it has the focus, and nothing behind it is made inert.
 */
export function polyfillDialog(): void {
  HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
    this.setAttribute('open', '');
    this.querySelector('button')?.focus();
  };
  HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
    this.removeAttribute('open');
    this.dispatchEvent(new Event('close'));
  };
}

/** What a browser does on Escape inside a modal dialog: the dialog is asked first. */
export function pressEscapeIn(dialog: HTMLElement): void {
  dialog.dispatchEvent(new Event('cancel', { cancelable: true }));
}
