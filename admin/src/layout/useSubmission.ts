import { useState, type SyntheticEvent } from 'react';
import { useTranslate } from 'react-admin';

import { ApiError } from '../api/problem';

type Translate = (key: string, options?: object) => string;

/** The text for an error that is special for a form; `undefined` for others. */
export type Explain = (error: ApiError, translate: Translate) => string | undefined;

/** State of a form whose submission can fail: whether it runs, and why the last one failed. */
export function useSubmission(explain: Explain) {
  const translate = useTranslate();
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);

  /** Returns the handler of the submit event. Errors of `action` are shown. */
  const submit = (action: () => Promise<void>) => (event: SyntheticEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    action()
      .catch((error: unknown) => setProblem(textOf(error, explain, translate)))
      .finally(() => setBusy(false));
  };

  return { problem, isBusy, submit };
}

function textOf(error: unknown, explain: Explain, translate: Translate): string {
  if (error instanceof ApiError) {
    const special = explain(error, translate);
    if (special !== undefined) return special;
    if (error.code === 'bad_code') return translate('signin.wrong_code');
    if (error.status === 429) return translate('signin.wait', { seconds: error.retryAfter ?? 60 });
  }
  return error instanceof Error ? error.message : String(error);
}
