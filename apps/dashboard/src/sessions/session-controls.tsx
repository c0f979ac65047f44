import { ActionIcon, Button, Menu } from '@mantine/core';
import { type ReactNode, useRef, useState } from 'react';
import { openAddress } from './desktop-tab.ts';
import type { Session } from './session.ts';
import styles from './session-controls.module.css';
import { isExpected } from './session-list.ts';
import { sessionState } from './session-state.ts';
import { TerminateDialog } from './terminate-dialog.tsx';
import type { SessionActions } from './use-session-actions.ts';

interface SessionControlsProps {
  readonly session: Session;
  readonly title: string;
  readonly actions: SessionActions;
}

/** The one thing to do next as a button, the rest in a menu. */
export function SessionControls({ session, title, actions }: SessionControlsProps): ReactNode {
  const [isEnding, setIsEnding] = useState(false);
  const more = useRef<HTMLButtonElement>(null);
  const state = sessionState(session);
  return (
    <div className={styles['controls']}>
      <MainControl session={session} title={title} actions={actions} onEnd={() => setIsEnding(true)} />
      {state !== 'ending' && !isExpected(session) && (
        <Menu position="bottom-end" width={210} withinPortal={false} withInitialFocusPlaceholder={false}>
          <Menu.Target>
            <ActionIcon ref={more} variant="default" size={34} aria-label={`More for ${title}`}>
              <svg viewBox="0 0 24 24" width="18" height="18" fill="currentColor" aria-hidden="true">
                <circle cx="5" cy="12" r="1.7" />
                <circle cx="12" cy="12" r="1.7" />
                <circle cx="19" cy="12" r="1.7" />
              </svg>
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {(state === 'running' || state === 'starting' || state === 'waiting') && (
              <Menu.Item onClick={() => void actions.run('suspend')}>Suspend</Menu.Item>
            )}
            {session.status.expiresAt !== undefined && session.status.startTime !== undefined && (
              <Menu.Item onClick={() => void actions.run('extend')}>Extend by two hours</Menu.Item>
            )}
            <Menu.Item c="var(--bad)" onClick={() => setIsEnding(true)}>
              End desktop…
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      <TerminateDialog
        session={session}
        title={title}
        isOpen={isEnding}
        returnFocusTo={more}
        onClose={() => setIsEnding(false)}
        onConfirm={() => {
          setIsEnding(false);
          void actions.run('terminate');
        }}
      />
    </div>
  );
}

interface MainControlProps extends SessionControlsProps {
  readonly onEnd: () => void;
}

function MainControl({ session, title, actions, onEnd }: MainControlProps): ReactNode {
  const state = sessionState(session);
  switch (state) {
    case 'running':
      return (
        <Button
          component="a"
          href={openAddress(session)}
          target="_blank"
          rel="noopener"
          size="compact-md"
          h={34}
          aria-label={`Open ${title} in a new tab`}
        >
          Open
        </Button>
      );
    case 'suspended':
      return (
        <Button
          variant="light"
          size="compact-md"
          h={34}
          loading={actions.busyWith === 'resume'}
          onClick={() => void actions.run('resume')}
          aria-label={`Resume ${title}`}
        >
          Resume
        </Button>
      );
    case 'failed':
      return (
        <Button variant="default" size="compact-md" h={34} onClick={onEnd} aria-label={`End ${title}`}>
          End…
        </Button>
      );
    case 'starting':
    case 'waiting':
    case 'suspending':
    case 'ending':
      break;
  }
  return null;
}
