import { Alert, Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, MenuItem, Paper, Stack, Table, TableBody, TableCell, TableHead, TableRow, TextField, Typography } from '@mui/material';
import { useCallback, useEffect, useRef, useState, type ReactNode, type SyntheticEvent } from 'react';
import { ListBase, Pagination, type RaRecord, useListContext, useNotify, useRefresh, useTranslate } from 'react-admin';

import { get } from '../api/client';
import { ApiError } from '../api/problem';
import type { Operation } from '../api/types';
import { PageBody } from '../layout/PageBody';
import { PageHeading } from '../layout/PageHeading';

interface Column<T> {
  label: string;
  render: (row: T) => ReactNode;
}

interface ListPageProps<T extends RaRecord> {
  resource: string;
  title: string;
  intro?: string;
  actions?: ReactNode;
  filters?: ReactNode;
  columns: Column<T>[];
  rowActions?: (row: T) => ReactNode;
  empty: string;
  filter?: Record<string, unknown>;
}

/** A page with a list in a table. On narrow screens each row is a card. */
export function ListPage<T extends RaRecord>({ resource, title, intro, actions, filters, filter, ...rows }: ListPageProps<T>) {
  return (
    <ListBase resource={resource} perPage={50} filter={filter} disableSyncWithLocation storeKey={false}>
      <PageBody>
        <PageHeading title={title}>{actions}</PageHeading>
        {intro && <Typography sx={{ color: 'text.secondary', mb: 2, maxWidth: 720 }}>{intro}</Typography>}
        {filters}
        <Rows<T> {...rows} />
      </PageBody>
    </ListBase>
  );
}

function Rows<T extends RaRecord>({ columns, rowActions, empty }: Pick<ListPageProps<T>, 'columns' | 'rowActions' | 'empty'>) {
  const translate = useTranslate();
  const { data = [], isPending, error, page, hasNextPage } = useListContext<T>();
  if (error) return <Alert severity="error">{(error).message}</Alert>;
  if (!isPending && data.length === 0) return <Empty text={empty} />;
  return (
    <>
      <Paper variant="outlined" sx={{ overflow: 'hidden' }}>
        <Table
          sx={{
            '& td': { verticalAlign: 'middle' },
            // Cards below 900 px.
            '@media (max-width: 899px)': {
              '&, & tbody, & tr, & td': { display: 'block' },
              '& thead': { display: 'none' },
              '& tr': { borderBottom: 1, borderColor: 'divider', py: 1 },
              '& td': { border: 0, py: 0.5 },
            },
          }}
        >
          <TableHead>
            <TableRow>
              {columns.map(({ label }) => (
                <TableCell key={label}>{label}</TableCell>
              ))}
              {rowActions && <TableCell align="right">{translate('pages.actions')}</TableCell>}
            </TableRow>
          </TableHead>
          <TableBody>
            {data.map((row) => (
              <TableRow key={row.id}>
                {columns.map(({ label, render }) => (
                  <TableCell key={label}>{render(row)}</TableCell>
                ))}
                {rowActions && (
                  <TableCell align="right" sx={{ whiteSpace: 'nowrap' }}>
                    {rowActions(row)}
                  </TableCell>
                )}
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </Paper>
      {(page > 1 || hasNextPage) && <Pagination rowsPerPageOptions={[50, 100]} />}
    </>
  );
}

export function Empty({ text }: { text: string }) {
  return (
    <Paper variant="outlined" sx={{ px: 3, py: 6, textAlign: 'center' }}>
      <Typography sx={{ color: 'text.secondary' }}>{text}</Typography>
    </Paper>
  );
}

/** Runs an action of the user: reports its end, and reads the lists again. */
export function useAction(): (work: () => Promise<unknown>, done?: string) => Promise<boolean> {
  const notify = useNotify();
  const refresh = useRefresh();
  return useCallback(
    async (work, done = 'pages.done') => {
      try {
        await work();
        notify(done, { type: 'success' });
        refresh();
        return true;
      } catch (error) {
        notify('app.error', { type: 'error', messageArgs: { detail: error instanceof Error ? error.message : '' } });
        return false;
      }
    },
    [notify, refresh],
  );
}

export interface Field {
  name: string;
  label: string;
  hint?: string;
  type?: 'text' | 'multiline' | 'email' | 'password' | 'select';
  options?: { value: string; label: string }[];
  required?: boolean;
  initial?: string;
}

interface FormProps {
  title: string;
  text?: string;
  fields: Field[];
  submit: string;
  onSubmit: (values: Record<string, string>) => Promise<void>;
  onClose: () => void;
}

/** A few values in a dialog. The server checks them; its messages appear at the inputs. */
export function FormDialog({ title, text, fields, submit, onSubmit, onClose }: FormProps) {
  const translate = useTranslate();
  const [values, setValues] = useState(() => Object.fromEntries(fields.map(({ name, initial = '' }) => [name, initial])));
  const [problem, setProblem] = useState<Error | null>(null);
  const [isBusy, setBusy] = useState(false);
  const errors = problem instanceof ApiError ? problem.body.errors : {};
  const shown = Object.keys(errors).some((name) => fields.some((field) => field.name === name));

  const send = async (event: SyntheticEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await onSubmit(values);
    } catch (error) {
      setProblem(error instanceof Error ? error : new Error(String(error)));
      setBusy(false);
    }
  };

  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="xs" aria-labelledby="form-title">
      <Box component="form" onSubmit={(event) => void send(event)} noValidate>
        <DialogTitle id="form-title">{title}</DialogTitle>
        <DialogContent>
          {text && <Typography sx={{ mb: 2, color: 'text.secondary' }}>{text}</Typography>}
          <Stack spacing={2} sx={{ pt: 1 }}>
            {fields.map(({ name, label, hint, type = 'text', options = [], required = false }, nth) => (
              <TextField
                key={name}
                label={label}
                required={required}
                autoFocus={nth === 0 && type !== 'select'}
                type={type === 'email' || type === 'password' ? type : 'text'}
                select={type === 'select'}
                multiline={type === 'multiline'}
                minRows={type === 'multiline' ? 3 : undefined}
                value={values[name] ?? ''}
                onChange={(event) => setValues({ ...values, [name]: event.target.value })}
                error={typeof errors[name] === 'string'}
                helperText={typeof errors[name] === 'string' ? errors[name] : hint}
                autoComplete={type === 'password' ? 'new-password' : 'off'}
              >
                {options.map(({ value, label: shownLabel }) => (
                  <MenuItem key={value} value={value}>
                    {shownLabel}
                  </MenuItem>
                ))}
              </TextField>
            ))}
            {problem && !shown && <Alert severity="error">{problem.message}</Alert>}
          </Stack>
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>{translate('ra.action.cancel')}</Button>
          <Button type="submit" variant="contained" disabled={isBusy}>
            {submit}
          </Button>
        </DialogActions>
      </Box>
    </Dialog>
  );
}

interface ConfirmProps {
  title: string;
  text: string;
  submit: string;
  onConfirm: () => void;
  onClose: () => void;
}

export function Confirm({ title, text, submit, onConfirm, onClose }: ConfirmProps) {
  const translate = useTranslate();
  return (
    <Dialog open onClose={onClose} maxWidth="xs" fullWidth aria-labelledby="confirm-title">
      <DialogTitle id="confirm-title">{title}</DialogTitle>
      <DialogContent>
        <Typography>{text}</Typography>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{translate('ra.action.cancel')}</Button>
        <Button variant="contained" onClick={onConfirm}>
          {submit}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

/** Shows a secret once, with a button to copy it. */
export function Secret({ title, text, value, onClose }: { title: string; text: string; value: string; onClose: () => void }) {
  const translate = useTranslate();
  const [isCopied, setCopied] = useState(false);
  return (
    <Dialog open maxWidth="sm" fullWidth aria-labelledby="secret-title">
      <DialogTitle id="secret-title">{title}</DialogTitle>
      <DialogContent>
        <Typography sx={{ mb: 2 }}>{text}</Typography>
        <TextField fullWidth multiline value={value} slotProps={{ htmlInput: { readOnly: true, 'aria-label': title } }} />
      </DialogContent>
      <DialogActions>
        <Button onClick={() => void navigator.clipboard.writeText(value).then(() => setCopied(true))}>
          {translate(isCopied ? 'pages.copied' : 'pages.copy')}
        </Button>
        <Button variant="contained" onClick={onClose}>
          {translate('ra.action.close')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

const END = ['succeeded', 'failed', 'cancelled'];

/** Follows long work until its end, then reads the lists again. */
export function useOperation(): (operation: Operation) => void {
  const notify = useNotify();
  const refresh = useRefresh();
  const timer = useRef<number | undefined>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return useCallback(
    (operation: Operation) => {
      notify('pages.operation_started', { type: 'info' });
      refresh();
      const look = async () => {
        const now = await get<Operation>(`/v1/operations/${operation.id}`).catch(() => null);
        if (now && END.includes(now.state)) {
          notify(`pages.operation_${now.state}`, { type: now.state === 'succeeded' ? 'success' : 'warning' });
          refresh();
        } else {
          timer.current = window.setTimeout(() => void look(), 2000);
        }
      };
      timer.current = window.setTimeout(() => void look(), 1000);
    },
    [notify, refresh],
  );
}
