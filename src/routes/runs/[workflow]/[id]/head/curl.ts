import type { Run } from '$lib/protocol';

/** The command that starts a run like this one, for a shell. */
export function curlOf(origin: string, { workflow, agent, params }: Run): string {
	const body = JSON.stringify({ workflow, agent: agent.path, params });
	return [
		`curl -X POST ${quoted(`${origin}/api/v1/runs`)}`,
		`-H ${quoted('content-type: application/json')}`,
		`-d ${quoted(body)}`
	].join(' \\\n  ');
}

/** In single quotes a shell takes everything as it is, but for the quote itself. */
function quoted(text: string): string {
	return `'${text.replaceAll("'", `'\\''`)}'`;
}
