/** The nonce of this page: its policy allows styles that scripts add only with it. */
export const NONCE = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
