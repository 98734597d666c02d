const allowed = new Set(['http:', 'https:', 'mailto:']);

/**
 * The absolute address of a link, or null where it must not be followed: another scheme, a relative address
 * (it would point into this page), or one that carries a user name to look like another host.
 */
export function safeUrl(href: string): string | null {
  let url: URL;
  try {
    url = new URL(href.trim());
  } catch {
    // Not an absolute address.
    return null;
  }
  if (!allowed.has(url.protocol)) return null;
  if (url.username || url.password) return null;
  return url.href;
}
