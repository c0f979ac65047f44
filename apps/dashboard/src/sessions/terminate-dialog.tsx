import { Button } from '@mantine/core';
import type { ReactNode, RefObject } from 'react';
import { Dialog } from '../shell/dialog.tsx';
import type { Session } from './session.ts';
import styles from './terminate-dialog.module.css';

interface TerminateDialogProps {
  readonly session: Session;
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
  readonly returnFocusTo: RefObject<HTMLElement | null>;
}

/** Asks before a desktop ends, and says what is lost and what stays. */
export function TerminateDialog({
  session,
  title,
  isOpen,
  onClose,
  onConfirm,
  returnFocusTo,
}: TerminateDialogProps): ReactNode {
  return (
    <Dialog title={`End “${title}”?`} isOpen={isOpen} onClose={onClose} returnFocusTo={returnFocusTo}>
      <p>{consequence(session)}</p>
      <div className={styles['buttons']}>
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep it
        </Button>
        <Button color="red" onClick={onConfirm}>
          End desktop
        </Button>
      </div>
    </Dialog>
  );
}

function consequence({ spec: { isPersistent } }: Session): string {
  return isPersistent === false
    ? 'Open applications are closed. This desktop was started without your home: files saved in it are gone afterwards.'
    : 'Open applications are closed, and get a moment to save. Your home stays: every file in it is there when you start the next desktop.';
}
