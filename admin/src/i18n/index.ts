import polyglotI18nProvider from 'ra-i18n-polyglot';

import { en } from './en';
import { es } from './es';

const LANGUAGES = [
  { locale: 'en', name: 'English' },
  { locale: 'es', name: 'Español' },
];

/** The language that the browser prefers, if the dashboard has it. */
function preferred(): string {
  const wanted = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
  return wanted.find((tag) => LANGUAGES.some(({ locale }) => locale === tag)) ?? 'en';
}

export const i18nProvider = polyglotI18nProvider((locale) => (locale === 'es' ? es : en), preferred(), LANGUAGES, {
  allowMissing: true,
});
