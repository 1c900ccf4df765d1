import AccountIcon from '@mui/icons-material/AccountCircleOutlined';
import CategoriesIcon from '@mui/icons-material/AccountTreeOutlined';
import PostsIcon from '@mui/icons-material/ArticleOutlined';
import BylinesIcon from '@mui/icons-material/DrawOutlined';
import AuditIcon from '@mui/icons-material/HistoryOutlined';
import HomeIcon from '@mui/icons-material/HomeOutlined';
import KeysIcon from '@mui/icons-material/KeyOutlined';
import OperationsIcon from '@mui/icons-material/PendingActionsOutlined';
import UsersIcon from '@mui/icons-material/PeopleOutlined';
import ImagesIcon from '@mui/icons-material/PhotoLibraryOutlined';
import RedirectsIcon from '@mui/icons-material/ShortcutOutlined';
import TagsIcon from '@mui/icons-material/TagOutlined';
import { Box } from '@mui/material';
import type { ReactNode } from 'react';
import { Menu, MenuItemLink, useCanAccess, useSidebarState, useTranslate } from 'react-admin';

const GROUPS: Record<string, [string, ReactNode][]> = {
  content: [
    ['posts', <PostsIcon key="i" fontSize="small" />],
    ['images', <ImagesIcon key="i" fontSize="small" />],
    ['categories', <CategoriesIcon key="i" fontSize="small" />],
    ['tags', <TagsIcon key="i" fontSize="small" />],
    ['bylines', <BylinesIcon key="i" fontSize="small" />],
  ],
  people: [
    ['users', <UsersIcon key="i" fontSize="small" />],
    ['api-keys', <KeysIcon key="i" fontSize="small" />],
    ['account', <AccountIcon key="i" fontSize="small" />],
  ],
  site: [
    ['redirects', <RedirectsIcon key="i" fontSize="small" />],
    ['operations', <OperationsIcon key="i" fontSize="small" />],
    ['audit', <AuditIcon key="i" fontSize="small" />],
  ],
};

/** The sections that the role may use. */
export function AppMenu() {
  const translate = useTranslate();
  const [isOpen] = useSidebarState();
  return (
    <Box component="nav" aria-label={translate('app.menu')}>
      <Menu sx={{ pt: 1.5, pb: 4 }}>
        <MenuItemLink to="/" primaryText={translate('nav.home')} leftIcon={<HomeIcon fontSize="small" />} />
        {Object.entries(GROUPS).map(([group, entries]) => [
          <Box
            key={group}
            component="li"
            role="presentation"
            sx={{ px: 2.25, pt: 1.75, pb: 0.5, fontSize: '0.75rem', fontWeight: 600, color: 'text.secondary', visibility: isOpen ? 'visible' : 'hidden', height: isOpen ? 'auto' : 12, overflow: 'hidden' }}
          >
            {translate(`nav.${group}`)}
          </Box>,
          ...entries.map(([name, icon]) => <Entry key={name} name={name} icon={icon} />),
        ])}
      </Menu>
    </Box>
  );
}

function Entry({ name, icon }: { name: string; icon: ReactNode }) {
  const translate = useTranslate();
  const { canAccess } = useCanAccess({ resource: name, action: 'list' });
  return canAccess ? <MenuItemLink to={`/${name}`} primaryText={translate(`nav.${name}`)} leftIcon={<>{icon}</>} /> : null;
}
