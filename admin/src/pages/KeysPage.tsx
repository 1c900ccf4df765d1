import { Box, Button, Checkbox, Chip, Dialog, DialogActions, DialogContent, DialogTitle, FormControlLabel, TextField, Alert } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';

import { post, request } from '../api/client';
import type { ApiKey, NewApiKey } from '../api/types';
import { useDates } from '../format';
import { useMe } from '../providers/useMe';
import { Confirm, ListPage, Secret, useAction } from './parts';

/** Keys of programs. */
export default function KeysPage() {
  const translate = useTranslate();
  const dates = useDates();
  const run = useAction();
  const [isCreating, setCreating] = useState(false);
  const [asked, setAsked] = useState<{ kind: 'rotate' | 'revoke'; key: ApiKey } | null>(null);
  const [secret, setSecret] = useState('');
  const when = (value: string | null) => (value ? dates.short(value) : '–');
  return (
    <>
      <ListPage<ApiKey>
        resource="api-keys"
        title={translate('nav.api-keys')}
        intro={translate('keys.intro')}
        empty={translate('keys.empty')}
        actions={
          <Button variant="contained" onClick={() => setCreating(true)}>
            {translate('keys.create')}
          </Button>
        }
        columns={[
          { label: translate('pages.name'), render: ({ name }) => <strong>{name}</strong> },
          { label: translate('posts.column_owner'), render: ({ owner }) => owner.display_name },
          { label: translate('keys.scopes'), render: ({ scopes }) => scopes.slice(0, 3).join(', ') + (scopes.length > 3 ? ` +${scopes.length - 3}` : '') },
          { label: translate('posts.column_status'), render: ({ state }) => <Chip size="small" label={translate(`keys.${state}`)} /> },
          { label: translate('keys.used'), render: ({ last_used_at }) => when(last_used_at) },
          { label: translate('keys.expires'), render: ({ expires_at }) => when(expires_at) },
        ]}
        rowActions={(key) =>
          (['rotate', 'revoke'] as const)
            .filter((kind) => key.allowed.includes(kind))
            .map((kind) => (
              <Button key={kind} size="small" onClick={() => setAsked({ kind, key })} aria-label={`${translate(`keys.${kind}`)}: ${key.name}`}>
                {translate(`keys.${kind}`)}
              </Button>
            ))
        }
      />
      {isCreating && (
        <CreateDialog
          onClose={() => setCreating(false)}
          onCreated={(created) => {
            setCreating(false);
            setSecret(created.secret);
            void run(() => Promise.resolve());
          }}
        />
      )}
      {asked && (
        <Confirm
          title={`${translate(`keys.${asked.kind}`)}: ${asked.key.name}`}
          text={translate(`keys.text_${asked.kind}`)}
          submit={translate(`keys.${asked.kind}`)}
          onClose={() => setAsked(null)}
          onConfirm={() => {
            setAsked(null);
            const path = `/v1/api-keys/${asked.key.id}`;
            void run(async () => {
              if (asked.kind === 'revoke') await request('DELETE', path);
              else setSecret((await post<NewApiKey>(`${path}/rotate`, {})).secret);
            });
          }}
        />
      )}
      {secret && <Secret title={translate('keys.secret')} text={translate('keys.secret_text')} value={secret} onClose={() => setSecret('')} />}
    </>
  );
}

function CreateDialog({ onClose, onCreated }: { onClose: () => void; onCreated: (key: NewApiKey) => void }) {
  const translate = useTranslate();
  const { me } = useMe();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<string[]>(['posts:read']);
  const [problem, setProblem] = useState('');
  const create = async () => {
    try {
      onCreated(await post<NewApiKey>('/v1/api-keys', { name, scopes }));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : '');
    }
  };
  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="sm" aria-labelledby="key-title">
      <DialogTitle id="key-title">{translate('keys.create')}</DialogTitle>
      <DialogContent>
        <TextField autoFocus fullWidth label={translate('pages.name')} value={name} onChange={(event) => setName(event.target.value)} sx={{ mt: 1, mb: 2 }} />
        <Box component="fieldset" sx={{ border: 0, p: 0, m: 0, display: 'grid', gridTemplateColumns: { sm: '1fr 1fr' } }}>
          <Box component="legend" sx={{ fontWeight: 600, mb: 0.5 }}>
            {translate('keys.scopes')}
          </Box>
          {me?.permissions.map((scope) => (
            <FormControlLabel
              key={scope}
              label={scope}
              control={
                <Checkbox
                  size="small"
                  checked={scopes.includes(scope)}
                  onChange={(_, isOn) => setScopes(isOn ? [...scopes, scope] : scopes.filter((other) => other !== scope))}
                />
              }
            />
          ))}
        </Box>
        {problem && <Alert severity="error">{problem}</Alert>}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{translate('ra.action.cancel')}</Button>
        <Button variant="contained" disabled={!name.trim() || scopes.length === 0} onClick={() => void create()}>
          {translate('keys.create')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
