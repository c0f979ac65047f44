import { CloseButton } from '@mantine/core';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from 'react';
import styles from './toasts.module.css';

/** A short notice. Problems stay until they are put away; the others leave by themselves. */
export interface Toast {
  readonly kind: 'done' | 'problem';
  readonly title: string;
  readonly detail?: string;
}

interface ShownToast extends Toast {
  readonly id: number;
}

const shownMs = 6_000;
const ToastContext = createContext<(toast: Toast) => void>(() => undefined);

/** Shows a toast. */
export function useToast(): (toast: Toast) => void {
  return useContext(ToastContext);
}

/** Holds the toasts of everything inside it. */
export function ToastProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [toasts, setToasts] = useState<readonly ShownToast[]>([]);
  const lastId = useRef(0);
  const remove = useCallback((id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id)), []);
  const show = useCallback((toast: Toast) => {
    lastId.current += 1;
    const id = lastId.current;
    setToasts((shown) => [...shown.slice(-3), { ...toast, id }]);
  }, []);
  return (
    <ToastContext value={show}>
      {children}
      <div className={styles['stack']} role="status" aria-live="polite">
        {toasts.map((toast) => (
          <ToastCard key={toast.id} toast={toast} onClose={remove} />
        ))}
      </div>
    </ToastContext>
  );
}

function ToastCard({
  toast,
  onClose,
}: {
  readonly toast: ShownToast;
  readonly onClose: (id: number) => void;
}): ReactNode {
  const { id, kind } = toast;
  useEffect(() => {
    if (kind === 'problem') return undefined;
    const timer = setTimeout(() => onClose(id), shownMs);
    return () => clearTimeout(timer);
  }, [id, kind, onClose]);
  return (
    <div className={styles['toast']} data-kind={kind}>
      <div>
        <p className={styles['title']}>{toast.title}</p>
        {toast.detail !== undefined && <p className={styles['detail']}>{toast.detail}</p>}
      </div>
      <CloseButton size="sm" aria-label="Dismiss" onClick={() => onClose(id)} />
    </div>
  );
}
