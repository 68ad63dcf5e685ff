import { connectionText } from '$lib/messages/components/connection';
import {
	changeFrameSchema,
	HEARTBEAT,
	problem,
	serverFrameSchema,
	type ServerFrame
} from '$lib/protocol';
import { readTolerantly } from '../read-tolerantly';

/** What arrived on the socket, read once. */
export type Inbound =
	| { kind: 'heartbeat' }
	/** The Agents SDK's own frames: its client reads them. */
	| { kind: 'sdk' }
	/** A frame of ours; `issues` says what of it could not be read. */
	| { kind: 'frame'; frame: ServerFrame; issues: readonly unknown[] }
	| { kind: 'unreadable'; why: unknown };

const SDK_FRAME = /^(cf_|rpc$)/;

/** Reads what arrived on the socket. It never throws: the result says what could not be read. */
export function readInbound(data: unknown): Inbound {
	if (data === HEARTBEAT.answer) return { kind: 'heartbeat' };
	if (typeof data !== 'string') return { kind: 'unreadable', why: 'not a text frame' };
	let json: unknown;
	try {
		json = JSON.parse(data);
	} catch (error) {
		return { kind: 'unreadable', why: error };
	}
	if (isSdkFrame(json)) return { kind: 'sdk' };
	const { value, issues } = readTolerantly(serverFrameSchema, json);
	if (value) return { kind: 'frame', frame: value, issues };
	const change = changeFrameSchema.safeParse(json);
	if (!change.success) return { kind: 'unreadable', why: issues };
	// Its subscription must know that what it shows is not what the server says.
	const unreadable = problem('internal', connectionText.unreadableChange);
	const frame = { ...change.data, change: { kind: 'refused' as const, problem: unreadable } };
	return { kind: 'frame', frame, issues };
}

function isSdkFrame(json: unknown): boolean {
	if (typeof json !== 'object' || json === null || !('type' in json)) return false;
	return typeof json.type === 'string' && SDK_FRAME.test(json.type);
}
