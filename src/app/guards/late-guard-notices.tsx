import { type ComponentType, lazy, Suspense } from 'react';

// A page that cannot fetch it any more goes without: nothing waits for a notice.
const Late = lazy(() =>
  import('./guard-notices.tsx').then(
    ({ GuardNotices }): { default: ComponentType } => ({ default: GuardNotices }),
    () => ({ default: () => null }),
  ),
);

export function LateGuardNotices() {
  return (
    <Suspense>
      <Late />
    </Suspense>
  );
}
