import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { request } from '../api/client';
import type { RenderedText } from '../api/types';
import type { Snapshot } from './snapshot';

/** Time without typing after which the text is rendered, in milliseconds. */
const PAUSE = 350;

/** Returns the rendering of the text in the editor by the server. An older one is shown until it arrives. */
export function useRendition({ post, fields }: Snapshot) {
  const body = useLater(fields.body);
  const source = post?.source ? post.id : undefined;
  const rendition = useQuery({
    queryKey: ['rendition', source, body],
    queryFn: async ({ signal }) =>
      (await request<RenderedText>('POST', '/v1/render', { body: { body, post_id: source }, signal })).data,
    placeholderData: (previous) => previous,
    staleTime: 30_000,
    gcTime: 60_000,
    retry: 2,
  });
  return {
    html: rendition.data?.html ?? '',
    references: rendition.data?.references ?? [],
    isOutdated: rendition.isPlaceholderData || rendition.isFetching || body !== fields.body,
    problem: rendition.error?.message,
  };
}

function useLater(value: string): string {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setLater(value), PAUSE);
    return () => window.clearTimeout(timer);
  }, [value]);
  return later;
}
