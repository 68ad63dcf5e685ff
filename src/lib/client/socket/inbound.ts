import { HEARTBEAT, serverFrameSchema, type ServerFrame } from '$lib/protocol';

/** What arrived on the socket, read once. */
export type Inbound =
	| { kind: 'heartbeat' }
	/** The Agents SDK's own frames: its client reads them. */
	| { kind: 'sdk' }
	| { kind: 'frame'; frame: ServerFrame }
	| { kind: 'unreadable'; why: unknown };

const SDK_FRAME = /^(cf_|rpc$)/;

/** Reads what arrived on the socket. It never throws: what does not parse is said to be so. */
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
	const parsed = serverFrameSchema.safeParse(json);
	return parsed.success
		? { kind: 'frame', frame: parsed.data }
		: { kind: 'unreadable', why: parsed.error };
}

function isSdkFrame(json: unknown): boolean {
	if (typeof json !== 'object' || json === null || !('type' in json)) return false;
	return typeof json.type === 'string' && SDK_FRAME.test(json.type);
}
