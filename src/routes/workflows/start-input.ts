import {
	newAgentPathSchema,
	runIdSchema,
	type FieldError,
	type Json,
	type JsonObject,
	type StartRun
} from '$lib/protocol';
import { workflowsPageText } from '$lib/messages/pages/workflows-page';
import { isObject } from '$lib/components/schema-form/json-schema';
import { parseJson } from '$lib/components/schema-form/reading';

/** The fields of the start form beside the params, as typed. */
export type StartOptions = { agent: string; id: string; metadata: string };

/** Turns the form into the body of a start request, with an error for each invalid field. */
export function readStart(
	workflow: string,
	params: Json,
	options: StartOptions
): { input: StartRun; errors: FieldError[] } {
	const [agent, id] = [options.agent.trim(), options.id.trim()];
	const metadata = readMetadata(options.metadata);
	const input: StartRun = {
		workflow,
		params,
		...(agent === '' ? {} : { agent }),
		...(id === '' ? {} : { id }),
		...(typeof metadata === 'object' && metadata !== null ? { metadata } : {})
	};
	const errors = [
		...(agent === '' ? [] : wrong('agent', newAgentPathSchema.safeParse(agent))),
		...(id === '' ? [] : wrong('id', runIdSchema.safeParse(id))),
		...(typeof metadata === 'string' ? [{ path: 'metadata', message: metadata }] : [])
	];
	return { input, errors };
}

/** The metadata, null if empty, or an error message. */
function readMetadata(text: string): JsonObject | string | null {
	if (text.trim() === '') return null;
	const parsed = parseJson(text);
	if (!parsed.ok) return parsed.message;
	return isObject(parsed.value) ? parsed.value : workflowsPageText.metadataNotObject;
}

function wrong(
	path: string,
	result: { success: boolean; error?: { issues: { message: string }[] } | undefined }
): FieldError[] {
	const issue = result.error?.issues[0];
	return issue ? [{ path, message: issue.message }] : [];
}
