const name = 'bedside-page';

/** Whether no other page of this site is open. From then on this one counts as open, until it is gone or killed. */
export async function isOnlyPage(): Promise<boolean> {
  // Plain http has no locks, whatever the types promise.
  const { locks } = navigator as { locks?: LockManager };
  if (!locks) return true;
  const { held = [] } = await locks.query();
  void locks.request(name, { mode: 'shared' }, () => new Promise<never>(() => undefined));
  return !held.some(lock => lock.name === name);
}
