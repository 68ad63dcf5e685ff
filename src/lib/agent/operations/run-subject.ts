import {
	MAX_SUBJECT_TEXT,
	REDACTED,
	SYSTEM_WORKFLOWS,
	type JsonObject,
	type Run,
	type WorkflowEntry
} from '../../protocol';

/** How many values of the metadata stand for a subject. */
const VALUES = 3;

/**
 * What a run is about: what its catalogue entry says of the params, else the first values of its
 * metadata; undefined for neither. An entry that throws, or answers no text, says nothing.
 */
export function subjectOf(
	{ workflow, params, metadata }: Pick<Run, 'workflow' | 'params' | 'metadata'>,
	entry: WorkflowEntry | undefined
): string | undefined {
	const told = said(params, entry);
	// The metadata of Signalbox's own runs is about their course, not about what they are for.
	return told ?? (SYSTEM_WORKFLOWS.includes(workflow) ? undefined : composed(metadata));
}

function said(params: unknown, entry: WorkflowEntry | undefined): string | undefined {
	if (!entry?.subject) return undefined;
	try {
		const checked = entry.params.safeParse(params);
		return checked.success ? shortened(entry.subject(checked.data)) : undefined;
	} catch {
		return undefined; // the metadata says it instead
	}
}

function composed(metadata: JsonObject): string | undefined {
	const values = Object.values(metadata).filter(
		(value) => (typeof value === 'string' && value !== REDACTED) || typeof value === 'number'
	);
	return shortened(values.slice(0, VALUES).join(' · '));
}

/** One line of a length that a list can show. */
function shortened(text: unknown): string | undefined {
	if (typeof text !== 'string') return undefined;
	const line = [
		...text
			.slice(0, 4 * MAX_SUBJECT_TEXT)
			.replaceAll(/[\s\p{Cc}]+/gu, ' ')
			.trim()
	];
	if (line.length === 0) return undefined;
	const most = MAX_SUBJECT_TEXT / 2;
	return (line.length > most ? [...line.slice(0, most - 1), '…'] : line).join('').toWellFormed();
}
