import { Fragment, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { handleKey } from '../input/input-method.ts';

export interface MenuItem {
  label: string;
  icon: ReactNode;
  /** A line stands before it. */
  startsGroup?: boolean;
  /** Given the button of the menu, which has the focus again. */
  run: (button: HTMLButtonElement) => void;
}

interface MenuButtonProps {
  label: string;
  icon: ReactNode;
  tabIndex?: number;
  items: readonly MenuItem[];
}

/** A button with a menu (WAI-ARIA's menu button): arrows, Home and End move in it, Escape and Tab leave it. */
export function MenuButton({ label, icon, tabIndex, items }: MenuButtonProps) {
  const [place, setPlace] = useState<{ top: number; left: number } | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const menuId = useId();
  const isOpen = place !== null;

  useEffect(() => {
    const element = menu.current;
    if (!isOpen || !element) return;
    // As wide and high as it is, it has to lie within the window.
    const box = element.getBoundingClientRect();
    const left = Math.max(8, Math.min(box.left, window.innerWidth - box.width - 8));
    const top = Math.max(8, Math.min(box.top, window.innerHeight - box.height - 8));
    element.style.left = `${left}px`;
    element.style.top = `${top}px`;
    element.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
    const close = () => setPlace(null);
    // Under it everything moves on.
    window.addEventListener('resize', close);
    const scroller = element.closest('.history') ?? window;
    scroller.addEventListener('scroll', close, { passive: true });
    return () => {
      window.removeEventListener('resize', close);
      scroller.removeEventListener('scroll', close);
    };
  }, [isOpen]);

  function open(): void {
    const box = button.current?.getBoundingClientRect();
    if (box) setPlace({ top: box.bottom + 2, left: box.left });
  }

  function close(): void {
    setPlace(null);
    button.current?.focus();
  }

  const onMenuKey = handleKey((event: React.KeyboardEvent) => {
    const all = [...(menu.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === 'Tab' || event.key === 'Escape') close();
    if (next !== undefined) all[next % all.length]?.focus();
    // What the menu takes is no key of what is around it.
    if (event.key !== 'Tab') event.stopPropagation();
    if (next !== undefined || event.key === 'Escape') event.preventDefault();
  });

  return (
    <>
      <button
        ref={button}
        type="button"
        className="icon-button"
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? menuId : undefined}
        tabIndex={tabIndex}
        onClick={() => (isOpen ? close() : open())}
      >
        {icon}
      </button>
      {place && (
        <div
          ref={menu}
          id={menuId}
          role="menu"
          aria-label={label}
          className="menu"
          style={place}
          tabIndex={-1}
          onKeyDown={onMenuKey}
          onBlur={event => {
            if (
              !event.currentTarget.contains(event.relatedTarget) &&
              event.relatedTarget !== button.current
            ) {
              setPlace(null);
            }
          }}
        >
          {items.map(item => (
            <Fragment key={item.label}>
              {item.startsGroup && <hr />}
              <button
                type="button"
                role="menuitem"
                tabIndex={-1}
                onClick={() => {
                  close();
                  if (button.current) item.run(button.current);
                }}
              >
                {item.icon}
                {item.label}
              </button>
            </Fragment>
          ))}
        </div>
      )}
    </>
  );
}
