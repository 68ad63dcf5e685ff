import { fieldTerm, formatTerm, isAddressable, runKey, type RunRef } from '$lib/protocol';

export function runHref(ref: RunRef): string {
	return `/runs/${runKey(ref)}`;
}

/** The form that starts a run like this one. */
export function againHref(run: RunRef): string {
	return `/workflows?workflow=${run.workflow}&from=${encodeURIComponent(runKey(run))}`;
}

/** The list of runs that match a query. */
export function runsHref(q: string): string {
	return q === '' ? '/runs' : `/runs?q=${encodeURIComponent(q).replaceAll('%3A', ':')}`;
}

/** The page of an Agent. No URL path leads to one called `.` or `..`, so that links to its runs. */
export function fleetHref(path: string): string {
	return isAddressable(path) ? `/fleet/${path}` : agentHref(path);
}

/** The list of the runs that an Agent started. */
export function agentHref(path: string): string {
	return runsHref(formatTerm(fieldTerm('agent', [path])));
}
