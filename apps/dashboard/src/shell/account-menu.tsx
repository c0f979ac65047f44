import { Menu, UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './account-menu.module.css';
import { useMe } from './me.tsx';

/** Who is signed in, and the way out. */
export function AccountMenu(): ReactNode {
  const { displayName, user, roles } = useMe();
  return (
    <Menu position="bottom-end" width={240} withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton className={styles['button'] ?? ''} aria-label={`Account of ${displayName}`}>
          {displayName.trim().slice(0, 1).toUpperCase()}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={styles['who']}>
          <strong>{displayName}</strong>
          <span>{user}</span>
          {roles.some((role) => role !== 'user') && <span>{roles.filter((role) => role !== 'user').join(', ')}</span>}
        </div>
        <Menu.Divider />
        <Menu.Item component="button" onClick={signOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** A navigation, so that the gateway can end the login at the provider as well. */
function signOut(): void {
  const form = document.createElement('form');
  form.method = 'post';
  form.action = '/logout';
  document.body.append(form);
  form.submit();
}
