import { Fragment, type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react';
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
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const menuId = useId();

  useLayoutEffect(() => {
    const element = menu.current;
    if (!isOpen || !element) return;
    const close = () => setOpen(false);
    // Beside its button, and as wide and high as it is within the window: a keyboard on the screen that goes makes that another one.
    const lay = () => {
      const beside = button.current?.getBoundingClientRect();
      if (!beside) return;
      const { width, height } = element.getBoundingClientRect();
      element.style.left = `${Math.max(8, Math.min(beside.left, window.innerWidth - width - 8))}px`;
      element.style.top = `${Math.max(8, Math.min(beside.bottom + 2, window.innerHeight - height - 8))}px`;
    };
    lay();
    element.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
    const follow = () => (button.current?.checkVisibility() ? lay() : close());
    window.addEventListener('resize', follow);
    // Under it everything moves on.
    const scroller = element.closest('.history') ?? window;
    scroller.addEventListener('scroll', close, { passive: true });
    return () => {
      window.removeEventListener('resize', follow);
      scroller.removeEventListener('scroll', close);
    };
  }, [isOpen]);

  function close(): void {
    setOpen(false);
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
        onClick={() => (isOpen ? close() : setOpen(true))}
      >
        {icon}
      </button>
      {isOpen && (
        <div
          ref={menu}
          id={menuId}
          role="menu"
          aria-label={label}
          className="menu"
          tabIndex={-1}
          onKeyDown={onMenuKey}
          onBlur={event => {
            if (
              !event.currentTarget.contains(event.relatedTarget) &&
              event.relatedTarget !== button.current
            ) {
              setOpen(false);
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
