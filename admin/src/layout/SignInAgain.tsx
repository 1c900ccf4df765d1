import { Alert, Button, Dialog, DialogActions, DialogContent, DialogTitle, Typography } from '@mui/material';
import { useEffect, useRef, useState } from 'react';
import { useLogout, useTranslate } from 'react-admin';

import { get } from '../api/client';
import { type Occasion, session } from '../api/session';
import type { Me } from '../api/types';
import { useMe } from '../providers/useMe';
import { IssuerButtons } from './IssuerButtons';
import { SignInForm } from './SignInForm';

/** Asks the user to sign in again when the session has expired or is too old for a change. The page and its requests wait. */
export function SignInAgain() {
  const translate = useTranslate();
  const logout = useLogout();
  const { me } = useMe();
  const resolve = useRef<((signedIn: boolean) => void) | null>(null);
  const [isOpen, setOpen] = useState(false);
  const [occasion, setOccasion] = useState<Occasion>('ended');
  const [isOther, setOther] = useState(false);

  useEffect(
    () =>
      session.onOccasion(
        (now) =>
          new Promise<boolean>((done) => {
            resolve.current = done;
            setOccasion(now);
            setOpen(true);
          }),
      ),
    [],
  );

  const end = (signedIn: boolean) => {
    setOpen(false);
    resolve.current?.(signedIn);
    resolve.current = null;
  };

  const isConfirmation = occasion === 'too_old';
  return (
    <Dialog open={isOpen} maxWidth="xs" fullWidth aria-labelledby="again-title">
      <DialogTitle id="again-title">{translate(isConfirmation ? 'signin.confirm_title' : 'signin.again_title')}</DialogTitle>
      <DialogContent>
        <Typography sx={{ mb: 2.5 }}>{translate(isConfirmation ? 'signin.confirm_text' : 'signin.again_text')}</Typography>
        {isOther && (
          <Alert severity="warning" sx={{ mb: 2 }}>
            {translate('signin.again_other', { email: me?.email })}
          </Alert>
        )}
        <IssuerButtons returnTo={window.location.hash.slice(1) || '/'} isFresh={isConfirmation} />
        <SignInForm
          key={String(isOther)}
          email={me?.email}
          submitLabel={isConfirmation ? translate('signin.confirm_submit') : undefined}
          onSubmit={async (credentials) => {
            await session.open(credentials);
            const now = await get<Me>('/v1/me');
            if (me && now.id !== me.id) {
              await session.close();
              setOther(true);
              return;
            }
            setOther(false);
            end(true);
          }}
        />
      </DialogContent>
      <DialogActions>
        <Button
          onClick={() => {
            end(false);
            if (!isConfirmation) void logout();
          }}
        >
          {translate(isConfirmation ? 'ra.action.cancel' : 'signin.again_leave')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
