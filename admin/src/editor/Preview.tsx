import { Box, Typography, type SxProps, type Theme } from '@mui/material';
import { useTranslate } from 'react-admin';

import { MONO, SERIF } from '../theme';
import type { Snapshot } from './snapshot';
import { useRendition } from './rendition';

const PROSE: SxProps<Theme> = {
  fontFamily: SERIF,
  fontSize: '1.125rem',
  lineHeight: 1.7,
  overflowWrap: 'anywhere',
  '& h1, & h2, & h3, & h4': { lineHeight: 1.25, letterSpacing: '-0.01em', mt: '1.6em', mb: '0.5em' },
  '& h1': { fontSize: '1.6em' },
  '& h2': { fontSize: '1.35em' },
  '& h3': { fontSize: '1.15em' },
  '& p, & ul, & ol, & blockquote, & pre, & table, & figure': { mt: 0, mb: '1em', mx: 0 },
  '& a': { color: 'primary.main' },
  '& img': { maxWidth: '100%', height: 'auto', borderRadius: 1 },
  '& blockquote': { borderLeft: 3, borderColor: 'divider', pl: 2, color: 'text.secondary', fontStyle: 'italic' },
  '& code': { fontFamily: MONO, fontSize: '0.84em', bgcolor: 'action.selected', borderRadius: 0.5, px: 0.5 },
  '& pre': { overflow: 'auto', bgcolor: 'background.default', border: 1, borderColor: 'divider', borderRadius: 1.5, p: 2, lineHeight: 1.5 },
  '& pre code': { bgcolor: 'transparent', p: 0, fontSize: '0.8em' },
  '& table': { borderCollapse: 'collapse', width: '100%', fontSize: '0.9em' },
  '& th, & td': { borderBottom: 1, borderColor: 'divider', p: 1, textAlign: 'left' },
  '& hr': { border: 0, borderTop: 1, borderColor: 'divider', my: 4 },
};

/** The text as readers get it: rendered and sanitised by the server. */
export function Preview({ snapshot }: { snapshot: Snapshot }) {
  const translate = useTranslate();
  const { fields } = snapshot;
  const { html, isOutdated, problem } = useRendition(snapshot);
  return (
    <Box lang={fields.locale} aria-busy={isOutdated}>
      <Typography
        component="p"
        sx={{ fontFamily: SERIF, fontSize: { xs: '1.75rem', md: '2.25rem' }, fontWeight: 650, lineHeight: 1.2, letterSpacing: '-0.015em', mb: 2, minHeight: '1.2em' }}
      >
        {fields.title || translate('posts.untitled')}
      </Typography>
      {problem && (
        <Typography variant="body2" sx={{ color: 'warning.main', mb: 2 }}>
          {problem}
        </Typography>
      )}
      <Box sx={PROSE} data-testid="preview" dangerouslySetInnerHTML={{ __html: html }} />
    </Box>
  );
}
