import { Button, Chip, Typography } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';

import { post, request } from '../api/client';
import type { Invitation, Operation, User } from '../api/types';
import { all } from '../providers/resources';
import { useMe } from '../providers/useMe';
import { Confirm, type Field, FormDialog, ListPage, Secret, useAction, useOperation } from './parts';
import { useQuery } from '@tanstack/react-query';

const ROLES = ['administrator', 'editor', 'author', 'contributor', 'reader'] as const;

type Asked = { kind: 'invite' } | { kind: 'update' | 'disable' | 'enable' | 'delete' | 'remove_second_factor'; user: User };

/** Who may use the site, and as what. */
export default function UsersPage() {
  const translate = useTranslate();
  const run = useAction();
  const follow = useOperation();
  const { can } = useMe();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [link, setLink] = useState('');
  const users = useQuery({ queryKey: ['all', 'users'], queryFn: () => all<User>('/v1/users'), enabled: asked?.kind === 'delete' });
  const roles = ROLES.map((value) => ({ value, label: translate(`role.${value}`) }));
  const close = () => setAsked(null);

  const show = ({ token }: Invitation) => setLink(`${window.location.href.split('#')[0] ?? ''}#/welcome?token=${encodeURIComponent(token)}`);

  const write = async (user: User, method: string, suffix: string, options: object = {}) => {
    const path = `/v1/users/${user.id}`;
    const { etag: ifMatch } = await request('GET', path);
    return request<Operation | undefined>(method, path + suffix, { ifMatch, ...options });
  };

  const submit = async (values: Record<string, string>) => {
    if (asked?.kind === 'invite') {
      const body = { email: values.email, role: values.role, display_name: values.display_name || undefined };
      show(await post<Invitation>('/v1/users', body));
    } else if (asked?.kind === 'update') {
      await write(asked.user, 'PATCH', '', { body: { display_name: values.display_name, role: values.role } });
    } else if (asked?.kind === 'delete') {
      const { data } = await write(asked.user, 'DELETE', '', { query: { reassign_to: values.reassign_to } });
      if (data) follow(data);
    }
    close();
    await run(() => Promise.resolve());
  };

  const actions = (user: User) => (
    <>
      {user.allowed.includes('invite') && user.status === 'invited' && (
        <Button size="small" onClick={() => void run(async () => show(await post<Invitation>(`/v1/users/${user.id}/invitation`)))}>
          {translate('users.renew')}
        </Button>
      )}
      {(['update', 'disable', 'enable', 'delete'] as const)
        .filter((kind) => user.allowed.includes(kind))
        .map((kind) => (
          <Button key={kind} size="small" onClick={() => setAsked({ kind, user })} aria-label={`${translate(`users.${kind}`)}: ${user.display_name}`}>
            {translate(`users.${kind}`)}
          </Button>
        ))}
      {user.allowed.includes('remove_second_factor') && (
        <Button size="small" onClick={() => setAsked({ kind: 'remove_second_factor', user })} aria-label={`${translate('factor.remove_other')}: ${user.display_name}`}>
          {translate('factor.remove_other')}
        </Button>
      )}
    </>
  );

  return (
    <>
      <ListPage<User>
        resource="users"
        title={translate('nav.users')}
        empty={translate('users.empty')}
        actions={
          can('users:manage') && (
            <Button variant="contained" onClick={() => setAsked({ kind: 'invite' })}>
              {translate('users.invite')}
            </Button>
          )
        }
        columns={[
          {
            label: translate('pages.name'),
            render: ({ display_name, email }) => (
              <>
                <Typography sx={{ fontWeight: 600 }}>{display_name}</Typography>
                <Typography variant="caption" sx={{ color: 'text.secondary' }}>
                  {email}
                </Typography>
              </>
            ),
          },
          { label: translate('users.role'), render: ({ role }) => translate(`role.${role}`) },
          {
            label: translate('posts.column_status'),
            render: ({ status, has_second_factor }) => (
              <>
                {translate(`users.status_${status}`)}
                {has_second_factor && <Chip size="small" variant="outlined" label={translate('factor.badge')} sx={{ ml: 1 }} />}
              </>
            ),
          },
        ]}
        rowActions={actions}
      />
      {asked && (asked.kind === 'invite' || asked.kind === 'update' || asked.kind === 'delete') && (
        <FormDialog
          title={asked.kind === 'invite' ? translate('users.invite') : `${translate(`users.${asked.kind}`)}: ${asked.user.display_name}`}
          text={translate(`users.text_${asked.kind}`)}
          submit={translate(`users.${asked.kind}`)}
          fields={fieldsFor(asked)}
          onSubmit={submit}
          onClose={close}
        />
      )}
      {asked && (asked.kind === 'disable' || asked.kind === 'enable') && (
        <Confirm
          title={`${translate(`users.${asked.kind}`)}: ${asked.user.display_name}`}
          text={translate(`users.text_${asked.kind}`)}
          submit={translate(`users.${asked.kind}`)}
          onConfirm={() => {
            close();
            void run(() => write(asked.user, 'POST', `/${asked.kind}`));
          }}
          onClose={close}
        />
      )}
      {asked?.kind === 'remove_second_factor' && (
        <Confirm
          title={`${translate('factor.remove_other')}: ${asked.user.display_name}`}
          text={translate('factor.remove_other_text')}
          submit={translate('factor.remove_other')}
          onConfirm={() => {
            close();
            void run(() => request('DELETE', `/v1/users/${asked.user.id}/second-factor`));
          }}
          onClose={close}
        />
      )}
      {link && <Secret title={translate('users.link')} text={translate('users.link_text')} value={link} onClose={() => setLink('')} />}
    </>
  );

  function fieldsFor(now: Asked): Field[] {
    if (now.kind === 'delete') {
      const others = (users.data ?? []).filter(({ id, status }) => id !== now.user.id && status === 'active');
      return [{ name: 'reassign_to', label: translate('users.reassign'), type: 'select', options: others.map(({ id, display_name }) => ({ value: id, label: display_name })) }];
    }
    const user = now.kind === 'update' ? now.user : null;
    return [
      ...(user ? [] : [{ name: 'email', label: translate('signin.email'), type: 'email', required: true } as const]),
      { name: 'display_name', label: translate('pages.name'), initial: user?.display_name ?? '' },
      { name: 'role', label: translate('users.role'), type: 'select', options: roles, initial: user?.role ?? 'author' },
    ];
  }
}
