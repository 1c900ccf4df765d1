import { Box, Typography } from '@mui/material';
import { useEffect, type ReactNode } from 'react';

/** The heading of a page and its main action. Also names the tab of the browser. */
export function PageHeading({ title, children }: { title: string; children?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Tintero`;
  }, [title]);
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 2, mb: 2, flexWrap: 'wrap' }}>
      <Typography variant="h1" sx={{ flex: 1, minWidth: 160 }}>
        {title}
      </Typography>
      {children}
    </Box>
  );
}
