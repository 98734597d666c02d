import type { ComponentType } from 'react';
import { memo } from 'react';
import type { ReadingAction } from './state/reading-actions.ts';
import type { ReadingState } from './state/reading-state.ts';
import { commandGroups, toolGroups } from './tools/registry.ts';

interface BarButtonProps {
  name: string;
  keys: string;
  Icon: ComponentType<{ size?: number }>;
  isPressed?: boolean | undefined;
  onClick: () => void;
}

function BarButton({ name, keys, Icon, isPressed, onClick }: BarButtonProps) {
  return (
    <button
      type="button"
      className="icon-button viewer-tool"
      aria-label={name}
      aria-pressed={isPressed}
      title={`${name} (${keys})`}
      onClick={onClick}
    >
      <Icon />
    </button>
  );
}

interface ToolBarProps {
  state: ReadingState;
  act: (action: ReadingAction) => void;
}

export const ToolBar = memo(function ToolBar({ state, act }: ToolBarProps) {
  return (
    <div className="reading-tools" role="toolbar" aria-label="Tools">
      {toolGroups.map(({ name, tools }) => (
        <fieldset key={name} className="viewer-tool-group" aria-label={name}>
          {tools.map(tool => (
            <BarButton
              key={tool.id}
              name={tool.name}
              keys={tool.key}
              Icon={tool.Icon}
              isPressed={state.tool === tool.id}
              onClick={() => act({ type: 'choose-tool', tool: tool.id })}
            />
          ))}
        </fieldset>
      ))}
      {commandGroups.map(({ name, commands }) => (
        <fieldset key={name} className="viewer-tool-group" aria-label={name}>
          {commands.map(command => (
            <BarButton
              key={command.id}
              name={command.name}
              keys={command.keys}
              Icon={command.Icon}
              isPressed={command.isOn?.(state)}
              onClick={() => {
                const action = command.run(state);
                if (action) act(action);
              }}
            />
          ))}
        </fieldset>
      ))}
    </div>
  );
});
