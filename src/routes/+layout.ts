// The browser holds the application; the Worker only hands it out.
export const ssr = false;
export const prerender = false;
