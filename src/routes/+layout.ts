// A single-page app: the Worker serves only its files.
export const ssr = false;
export const prerender = false;
