import DarkIcon from '@mui/icons-material/DarkModeOutlined';
import LightIcon from '@mui/icons-material/LightModeOutlined';
import MenuIcon from '@mui/icons-material/Menu';
import { AppBar, Avatar, Box, IconButton, LinearProgress, ListItemText, Menu, MenuItem, Toolbar, Tooltip } from '@mui/material';
import { useState } from 'react';
import { useGetIdentity, useLoading, useLocaleState, useLocales, useLogout, useSidebarState, useTheme, useTranslate } from 'react-admin';

import { useMe } from '../providers/useMe';
import { Brand } from './Brand';

export function Header() {
  const translate = useTranslate();
  const [open, setOpen] = useSidebarState();
  const isLoading = useLoading();
  return (
    <AppBar
      position="fixed"
      color="transparent"
      sx={{ bgcolor: 'background.default', color: 'text.primary', borderBottom: 1, borderColor: 'divider' }}
    >
      <Toolbar variant="dense" sx={{ minHeight: 55, px: { xs: 1, sm: 2 }, gap: 1 }}>
        <IconButton aria-label={translate('app.menu')} aria-expanded={open} onClick={() => setOpen(!open)} color="inherit">
          <MenuIcon />
        </IconButton>
        <Brand />
        <Box sx={{ flex: 1 }} />
        <LanguageMenu />
        <ThemeToggle />
        <AccountMenu />
      </Toolbar>
      {isLoading && <LinearProgress sx={{ position: 'absolute', bottom: -1, left: 0, right: 0, height: 2 }} aria-label={translate('app.loading')} />}
    </AppBar>
  );
}

function ThemeToggle() {
  const translate = useTranslate();
  const [theme, setTheme] = useTheme();
  const isDark = theme === 'dark';
  return (
    <Tooltip title={translate('app.theme')}>
      <IconButton aria-label={translate('app.theme')} onClick={() => setTheme(isDark ? 'light' : 'dark')} color="inherit">
        {isDark ? <LightIcon fontSize="small" /> : <DarkIcon fontSize="small" />}
      </IconButton>
    </Tooltip>
  );
}

function LanguageMenu() {
  const translate = useTranslate();
  const [locale, setLocale] = useLocaleState();
  const locales = useLocales();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return (
    <>
      <Tooltip title={translate('app.language')}>
        <IconButton
          aria-label={`${translate('app.language')}: ${locale.toUpperCase()}`}
          aria-haspopup="menu"
          onClick={(event) => setAnchor(event.currentTarget)}
          color="inherit"
          sx={{ fontSize: '0.8125rem', fontWeight: 600, width: 36, height: 36 }}
        >
          {locale.toUpperCase()}
        </IconButton>
      </Tooltip>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {locales.map(({ locale: value, name }) => (
          <MenuItem
            key={value}
            lang={value}
            selected={value === locale}
            onClick={() => {
              setAnchor(null);
              setLocale(value);
            }}
          >
            {name}
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}

function AccountMenu() {
  const translate = useTranslate();
  const logout = useLogout();
  const { identity } = useGetIdentity();
  const { me } = useMe();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const name = identity?.fullName ?? '';
  return (
    <>
      <Tooltip title={translate('app.account')}>
        <IconButton
          aria-label={`${translate('app.account')}: ${name}`}
          aria-haspopup="menu"
          onClick={(event) => setAnchor(event.currentTarget)}
          sx={{ p: 0.5 }}
        >
          <Avatar sx={{ width: 30, height: 30, fontSize: '0.8125rem', fontWeight: 600, bgcolor: 'primary.main', color: 'primary.contrastText' }}>
            {name.slice(0, 1).toUpperCase()}
          </Avatar>
        </IconButton>
      </Tooltip>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        <MenuItem disabled sx={{ '&.Mui-disabled': { opacity: 1 } }}>
          <ListItemText primary={name} secondary={me?.email} />
        </MenuItem>
        <MenuItem component="a" href="docs" target="_blank" rel="noreferrer">
          {translate('app.open_site_docs')}
        </MenuItem>
        <MenuItem onClick={() => void logout()}>{translate('ra.auth.logout')}</MenuItem>
      </Menu>
    </>
  );
}
