import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/source-serif-4/wght.css';
import '@fontsource-variable/source-serif-4/wght-italic.css';

import type { RaThemeOptions } from 'react-admin';

const SANS = '"Inter Variable", system-ui, sans-serif';

/** The typeface of what authors write: titles and texts. */
export const SERIF = '"Source Serif 4 Variable", Georgia, serif';

export const MONO = 'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace';

interface Ink {
  mode: 'light' | 'dark';
  accent: string;
  onAccent: string;
  page: string;
  paper: string;
  text: string;
  quiet: string;
  line: string;
  wash: string;
  good: string;
  warn: string;
  bad: string;
}

const LIGHT: Ink = {
  mode: 'light',
  accent: '#31449b',
  onAccent: '#ffffff',
  page: '#f6f5f1',
  paper: '#ffffff',
  text: '#1d1f26',
  quiet: '#5a5e6a',
  line: '#e2e0d9',
  wash: 'rgba(49, 68, 155, 0.07)',
  good: '#1f6b45',
  warn: '#855300',
  bad: '#b3261e',
};

const DARK: Ink = {
  mode: 'dark',
  accent: '#aebaff',
  onAccent: '#12131a',
  page: '#131419',
  paper: '#1a1c23',
  text: '#e9e7e2',
  quiet: '#a5a8b4',
  line: '#2e313b',
  wash: 'rgba(174, 186, 255, 0.1)',
  good: '#84cda6',
  warn: '#e4b866',
  bad: '#f4a69f',
};

function theme(ink: Ink): RaThemeOptions {
  const outline = { border: `1px solid ${ink.line}`, boxShadow: 'none', backgroundImage: 'none' };
  return {
    palette: {
      mode: ink.mode,
      primary: { main: ink.accent, contrastText: ink.onAccent },
      secondary: { main: ink.accent, contrastText: ink.onAccent },
      success: { main: ink.good },
      warning: { main: ink.warn },
      error: { main: ink.bad },
      info: { main: ink.accent },
      background: { default: ink.page, paper: ink.paper },
      text: { primary: ink.text, secondary: ink.quiet },
      divider: ink.line,
      action: { hover: ink.wash, selected: ink.wash, focus: ink.wash },
    },
    shape: { borderRadius: 8 },
    sidebar: { width: 216, closedWidth: 56 },
    typography: {
      fontFamily: SANS,
      fontSize: 14,
      h1: { fontFamily: SERIF, fontSize: '1.875rem', fontWeight: 600, lineHeight: 1.25, letterSpacing: '-0.01em' },
      h2: { fontFamily: SERIF, fontSize: '1.375rem', fontWeight: 600, lineHeight: 1.3 },
      h3: { fontSize: '1.0625rem', fontWeight: 600, lineHeight: 1.4 },
      h6: { fontSize: '1.0625rem', fontWeight: 600 },
      subtitle1: { fontFamily: SERIF, fontSize: '1.0625rem', fontWeight: 500, lineHeight: 1.35 },
      body1: { fontSize: '0.9375rem', lineHeight: 1.55 },
      body2: { fontSize: '0.875rem', lineHeight: 1.5 },
      caption: { fontSize: '0.8125rem', lineHeight: 1.45 },
      overline: { fontSize: '0.75rem', fontWeight: 600, letterSpacing: '0.04em', textTransform: 'none', lineHeight: 1.5 },
      button: { fontSize: '0.875rem', fontWeight: 550, textTransform: 'none', letterSpacing: 0 },
    },
    components: {
      MuiCssBaseline: {
        styleOverrides: {
          body: { fontFeatureSettings: '"cv11", "ss03"', WebkitFontSmoothing: 'antialiased' },
          'a:focus-visible, button:focus-visible, [tabindex="0"]:focus-visible': {
            outline: `2px solid ${ink.accent}`,
            outlineOffset: 2,
          },
          '.skip-nav-button': { zIndex: 2000 },
        },
      },
      MuiButtonBase: { defaultProps: { disableRipple: true } },
      MuiButton: {
        defaultProps: { disableElevation: true },
        styleOverrides: { root: { borderRadius: 8, minHeight: 36, paddingInline: 14 }, sizeSmall: { minHeight: 32, paddingInline: 10 } },
      },
      MuiPaper: { styleOverrides: { root: { backgroundImage: 'none' }, elevation1: outline } },
      MuiCard: { styleOverrides: { root: outline } },
      MuiAppBar: { defaultProps: { elevation: 0 } },
      MuiTableCell: {
        styleOverrides: {
          root: { borderBottomColor: ink.line, padding: '10px 14px' },
          head: { fontSize: '0.8125rem', fontWeight: 550, color: ink.quiet, backgroundColor: ink.paper },
          paddingCheckbox: { padding: '0 0 0 10px' },
        },
      },
      MuiTableRow: { styleOverrides: { root: { '&:last-child td': { borderBottom: 0 } } } },
      MuiTab: { styleOverrides: { root: { minHeight: 42, minWidth: 0, padding: '8px 2px', marginRight: 22 } } },
      MuiTabs: { styleOverrides: { root: { minHeight: 42 } } },
      MuiChip: { styleOverrides: { root: { borderRadius: 6, fontWeight: 500 } } },
      MuiTextField: { defaultProps: { size: 'small', variant: 'outlined' } },
      MuiFormControl: { defaultProps: { size: 'small' } },
      MuiOutlinedInput: {
        styleOverrides: { root: { backgroundColor: ink.paper }, notchedOutline: { borderColor: ink.mode === 'light' ? '#8f8d86' : '#6d7180' } },
      },
      MuiDialog: { styleOverrides: { paper: { ...outline, borderRadius: 14 } } },
      MuiDialogTitle: {
        styleOverrides: { root: { fontFamily: SERIF, fontSize: '1.375rem', fontWeight: 600, padding: '20px 24px 8px' } },
      },
      MuiDialogActions: { styleOverrides: { root: { padding: '12px 20px 18px' } } },
      MuiBackdrop: { styleOverrides: { root: { '&:not(.MuiBackdrop-invisible)': { backgroundColor: ink.mode === 'light' ? 'rgba(29, 31, 38, 0.35)' : 'rgba(0, 0, 0, 0.6)' } } } },
      MuiMenu: { styleOverrides: { paper: { border: `1px solid ${ink.line}` } } },
      MuiTooltip: { styleOverrides: { tooltip: { fontSize: '0.8125rem' } } },
      MuiAlert: { styleOverrides: { root: { borderRadius: 10 } } },
      RaMenuItemLink: {
        styleOverrides: {
          root: {
            borderRadius: 8,
            margin: '1px 8px',
            padding: '7px 10px',
            color: ink.quiet,
            fontSize: '0.9063rem',
            fontWeight: 500,
            '& .RaMenuItemLink-icon': { minWidth: 32, color: 'inherit' },
            '&.RaMenuItemLink-active': { color: ink.accent, backgroundColor: ink.wash, fontWeight: 600 },
          },
        },
      },
      RaSidebar: {
        styleOverrides: {
          root: {
            '& .MuiDrawer-paper': { backgroundColor: ink.page },
            // The menu stays while long texts scroll.
            '&.MuiDrawer-docked .MuiDrawer-paper': {
              borderRight: `1px solid ${ink.line}`,
              position: 'sticky',
              top: 56,
              height: 'calc(100vh - 56px)',
            },
            '& .RaSidebar-fixed': { position: 'static', height: 'auto' },
          },
        },
      },
      RaLayout: {
        styleOverrides: {
          root: {
            minWidth: 0,
            '& .RaLayout-appFrame': { marginTop: 56 },
            '& .RaLayout-content': { padding: 0, minWidth: 0, backgroundColor: ink.page },
          },
        },
      },
    },
  };
}

export const lightTheme = theme(LIGHT);
export const darkTheme = theme(DARK);
