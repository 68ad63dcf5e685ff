import type { AuditEntry, Json, JsonObject } from '../../protocol';
import { isObject } from '../schema-form/json-schema';

/** What somebody did to a run, or tried to, in words; and whether it came about. */
export type Deed = { words: string; tone: 'done' | 'waiting' | 'failed' };

const VERBS: Record<string, [did: string, to: string]> = {
	'run.start': ['started it', 'start it'],
	'run.adopt': ['adopted it', 'adopt it'],
	'run.pause': ['paused it', 'pause it'],
	'run.resume': ['resumed it', 'resume it'],
	'run.terminate': ['terminated it', 'terminate it'],
	'run.restart': ['restarted it', 'restart it'],
	'run.undo': ['undid that', 'undo it'],
	'run.delete': ['deleted it', 'delete it'],
	'sdk.mend': ['mended the row of the SDK, which said otherwise', 'mend the row of the SDK']
};

/** An entry of a run's audit in words. */
export function deedOf({ action, detail, result }: AuditEntry): Deed {
	const members: JsonObject = isObject(detail) ? detail : {};
	const wisher = typeof members.askedBy === 'string' ? `, as ${members.askedBy} asked` : '';
	const [did, to] = verbsOf(action, members);
	const how = manner(members);
	if (action.endsWith('-dropped'))
		return { words: `${did}${wisher}${why(members)}`, tone: 'failed' };
	if (result === 'done') return { words: `${did}${how}${wisher}`, tone: 'done' };
	if (result === 'held') return { words: `asked to ${to}${how}`, tone: 'waiting' };
	return { words: `tried to ${to}${how}: ${result.replaceAll('-', ' ')}`, tone: 'failed' };
}

function verbsOf(action: string, detail: JsonObject): [string, string] {
	if (action === 'approval.decide') {
		const verb = isObject(detail.decision) && detail.decision.approved === true;
		return verb ? ['approved', 'approve'] : ['rejected', 'reject'];
	}
	if (action === 'run.send-event') {
		const type = isObject(detail.event) ? String(detail.event.type) : '';
		return [`sent the event ${type}`, `send the event ${type}`];
	}
	if (action.endsWith('-dropped')) {
		const verb = action.slice('run.'.length, -'-dropped'.length);
		return [`did not ${verb} it`, `${verb} it`];
	}
	return VERBS[action] ?? [action, action];
}

function manner({ from, rollback, decision }: JsonObject): string {
	if (isObject(from)) return ` from ${String(from.name)}`;
	if (rollback === true) return ' with a rollback';
	const reason: Json | undefined = isObject(decision) ? decision.reason : undefined;
	return typeof reason === 'string' && reason !== '' ? `: “${reason}”` : '';
}

const why = (detail: JsonObject) => (typeof detail.why === 'string' ? `: ${detail.why}` : '');
