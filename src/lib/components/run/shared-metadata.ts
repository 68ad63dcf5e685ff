import {
	exactly,
	fieldTerm,
	formatTerm,
	metadataValues,
	type JsonObject,
	type RunRow
} from '../../protocol';

type WithMetadata = Pick<RunRow, 'workflow'> & { metadata: JsonObject };

/** The metadata values that two runs share, as `key value`. */
export function sharedValues(run: WithMetadata, other: WithMetadata): string[] {
	return shared(run, other).map(({ path, shown }) => `${path} ${shown}`);
}

/** The query for all runs that share what the most similar one shares with this run. */
export function sharedQuery(run: WithMetadata, similar: readonly WithMetadata[]): string {
	const [first] = similar;
	const values = first ? shared(run, first) : [];
	const terms = values.map(({ path, shown }) =>
		formatTerm({ kind: 'metadata', negated: false, key: path, values: [exactly(shown)] })
	);
	return [formatTerm(fieldTerm('workflow', [run.workflow])), ...terms].join(' ');
}

function shared(run: WithMetadata, other: WithMetadata) {
	const theirs = new Set(metadataValues(other.metadata).map(({ key, text }) => `${key}\n${text}`));
	return metadataValues(run.metadata).filter(({ key, text }) => theirs.has(`${key}\n${text}`));
}
