import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

import { forgetUser } from '../providers/authProvider';

/** Reads everything again: what the user may do has changed. */
export function useUserChanged(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(async () => {
    forgetUser();
    await client.invalidateQueries();
  }, [client]);
}
