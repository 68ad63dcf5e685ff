import { runActivityText as text, type ActivityVerb } from '$lib/messages/components/run-activity';
import type { AuditEntry, JsonObject } from '../../protocol';
import { isObject } from '../schema-form/json-schema';

/** What somebody did to a run or tried to do, as the text after their name. */
export type ActivityText = { text: string; tone: 'done' | 'waiting' | 'failed' };

const DROPPED = '-dropped';

/** An audit entry of a run in words: `paused the run`. */
export function describeActivity({ action, detail, result, reason }: AuditEntry): ActivityText {
	const members: JsonObject = isObject(detail) ? detail : {};
	const verb = verbOf(action, members);
	const why = reason ?? undefined;
	const did = onBehalf(withManner(verb.did, members, why), members);
	const to = withManner(verb.to, members, why);
	if (action.endsWith(DROPPED)) {
		const { why: cause } = members;
		return { text: typeof cause === 'string' ? text.because(did, cause) : did, tone: 'failed' };
	}
	if (result === 'done') return { text: did, tone: 'done' };
	if (result === 'held') return { text: text.requested(to), tone: 'waiting' };
	return { text: text.failed(to, result), tone: 'failed' };
}

function verbOf(action: string, { decision, event, pinned }: JsonObject): ActivityVerb {
	if (action === 'approval.decide') {
		return isObject(decision) && decision.approved === true ? text.approve : text.reject;
	}
	if (action === 'run.send-event') return text.sendEvent(isObject(event) ? String(event.type) : '');
	return text.verb(action === 'run.pin' && pinned === false ? 'run.unpin' : action);
}

function withManner(
	verb: string,
	{ from, rollback, decision }: JsonObject,
	why: string | undefined
): string {
	const manner =
		// A restart names its step; a decision names where it came from, which has no name.
		isObject(from) && typeof from.name === 'string'
			? text.fromStep(verb, from.name)
			: rollback === true
				? text.withRollback(verb)
				: verb;
	// Earlier versions kept only the reason of a decision, as part of that.
	const reason = why ?? (isObject(decision) ? decision.reason : undefined);
	return typeof reason === 'string' && reason !== '' ? text.withReason(manner, reason) : manner;
}

function onBehalf(verb: string, { askedBy }: JsonObject): string {
	return typeof askedBy === 'string' ? text.onBehalf(verb, askedBy) : verb;
}
