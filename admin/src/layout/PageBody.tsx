import { Box } from '@mui/material';
import type { ReactNode } from 'react';

/** The content of a page: a readable width with even margins. */
export function PageBody({ children, width = 1160 }: { children: ReactNode; width?: number }) {
  return (
    <Box sx={{ width: '100%', maxWidth: width, mx: 'auto', px: { xs: 2, md: 4 }, py: { xs: 2.5, md: 4 } }}>{children}</Box>
  );
}
