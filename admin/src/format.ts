import { useLocaleState } from 'react-admin';

/** Formats dates in the language of the dashboard and the time zone of the browser. */
export function useDates() {
  const [language] = useLocaleState();
  // The browser knows the region: 24 hours in en-GB, 12 in en-US.
  const locale = navigator.languages.find((tag) => tag.startsWith(language)) ?? language;
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

  /** Returns a short text for lists: relative within a week, otherwise the date. */
  const short = (value: string): string => {
    const then = new Date(value);
    const minutes = Math.round((then.getTime() - Date.now()) / 60_000);
    if (minutes === 0) return relative.format(0, 'second');
    if (Math.abs(minutes) < 60) return relative.format(minutes, 'minute');
    if (Math.abs(minutes) < 60 * 24) return relative.format(Math.round(minutes / 60), 'hour');
    if (Math.abs(minutes) < 60 * 24 * 7) return relative.format(Math.round(minutes / 1440), 'day');
    return date.format(then);
  };

  return {
    locale,
    short,
    full: (value: string) => dateTime.format(new Date(value)),
    date: (value: string) => date.format(new Date(value)),
    time: (value: string | number) => time.format(new Date(value)),
  };
}

export const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
