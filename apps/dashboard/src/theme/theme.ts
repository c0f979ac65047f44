import { createTheme } from '@mantine/core';

/** Colours and type are variables in `tokens.css`; what is here cannot be said in CSS. */
export const theme = createTheme({
  primaryColor: 'blue',
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // The lock writes a style element, which the content security policy forbids; `base.css` holds the page still instead.
    Modal: { defaultProps: { lockScroll: false, centered: true, overlayProps: { backgroundOpacity: 0.45 } } },
  },
});
