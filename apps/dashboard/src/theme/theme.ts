import { createTheme } from '@mantine/core';

/** Colours and type are variables in `tokens.css`; what is here cannot be said in CSS. */
export const theme = createTheme({
  primaryColor: 'blue',
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
});
