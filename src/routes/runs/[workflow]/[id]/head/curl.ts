import type { Run } from '$lib/protocol';

/** The shell command that starts a run with the same workflow, Agent and params. */
export function curlOf(origin: string, { workflow, agent, params }: Run): string {
	const body = JSON.stringify({ workflow, agent: agent.path, params });
	return [
		`curl -X POST ${quoted(`${origin}/api/v1/runs`)}`,
		`-H ${quoted('content-type: application/json')}`,
		`-d ${quoted(body)}`
	].join(' \\\n  ');
}

/** A shell leaves everything in single quotes as it is, except the quote itself. */
function quoted(text: string): string {
	return `'${text.replaceAll("'", `'\\''`)}'`;
}
