import { Modal } from '@mantine/core';
import type { ReactNode, RefObject } from 'react';
import styles from './dialog.module.css';

interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** Where the focus goes afterwards, where what opened the dialog is gone by then, such as an item of a menu. */
  readonly returnFocusTo?: RefObject<HTMLElement | null>;
  readonly children: ReactNode;
}

/**
 * A question in front of the page. In parts, because Mantine's own header would be a second banner of the page. Its lock
 * of scrolling writes a style element, which the content security policy forbids; `base.css` holds the page still instead.
 */
export function Dialog({ title, isOpen, onClose, returnFocusTo, children }: DialogProps): ReactNode {
  return (
    <Modal.Root
      opened={isOpen}
      onClose={onClose}
      size={520}
      centered
      lockScroll={false}
      returnFocus={returnFocusTo === undefined}
      onExitTransitionEnd={() => returnFocusTo?.current?.focus()}
    >
      <Modal.Overlay backgroundOpacity={0.45} />
      <Modal.Content>
        <div className={styles['head']}>
          <Modal.Title className={styles['title'] ?? ''}>{title}</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
