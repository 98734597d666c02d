/**
 * Puts a text on the clipboard, with its formatted form in the same item where the browser takes one. Rejects where it takes neither.
 * Returns what it took.
 */
export async function writeClipboard({
  plain,
  html,
}: {
  plain: string;
  html?: string | undefined;
}): Promise<'plain' | 'rich'> {
  if (html !== undefined && typeof ClipboardItem === 'function') {
    const item = {
      'text/plain': new Blob([plain], { type: 'text/plain' }),
      'text/html': new Blob([html], { type: 'text/html' }),
    };
    try {
      await navigator.clipboard.write([new ClipboardItem(item)]);
      return 'rich';
    } catch {
      // The words alone are better than nothing.
    }
  }
  await navigator.clipboard.writeText(plain);
  return 'plain';
}
