import PostsIcon from '@mui/icons-material/ArticleOutlined';
import type { ReactNode } from 'react';
import { Menu, MenuItemLink, useTranslate } from 'react-admin';

const ICONS: Record<string, ReactNode> = {
  posts: <PostsIcon fontSize="small" />,
};

export function AppMenu() {
  return (
    <Menu sx={{ pt: 1.5 }}>
      <Entry name="posts" />
    </Menu>
  );
}

function Entry({ name }: { name: string }) {
  const translate = useTranslate();
  return <MenuItemLink to={`/${name}`} primaryText={translate(`nav.${name}`)} leftIcon={<>{ICONS[name]}</>} />;
}
