import type { HandleClientError } from '@sveltejs/kit';

/** What browsers say when a part of the app could not be fetched: the server was not reached. */
const NOT_FETCHED =
	/dynamically imported module|module script failed|failed to fetch|load failed|unable to preload/i;

/** Tells a page that could not be loaded for want of a connection from one that is broken. */
export const handleError: HandleClientError = ({ error, message }) => {
	const isNotLoaded = error instanceof Error && NOT_FETCHED.test(error.message);
	return isNotLoaded ? { message, isNotLoaded } : { message };
};
