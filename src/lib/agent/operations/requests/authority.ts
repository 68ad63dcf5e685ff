import {
	BULK_ACTIONS,
	controlRefusal,
	refusal,
	requestOf,
	runKey,
	type Identity,
	type OperationName,
	type Problem
} from '../../../protocol';
import type { Fleet } from '../fleet';

/** Operations that control a run: for one of Signalbox's own, they take the role of what it does. */
const CONTROLLING: ReadonlySet<OperationName> = new Set<OperationName>([
	'run.adopt',
	'run.pause',
	'run.resume',
	'run.terminate',
	'run.restart',
	'run.undo',
	'run.send-event',
	'run.pin',
	'run.delete'
]);

/**
 * Who may ask for what, as far as a request tells before it is validated: whoever may not learns
 * nothing of what is wrong with it.
 */
export class Authority {
	readonly #fleet: Pick<Fleet, 'runs'>;

	constructor(fleet: Pick<Fleet, 'runs'>) {
		this.#fleet = fleet;
	}

	/** The problem that somebody gets who may not ask for this; null for one who may. */
	refusal(name: OperationName, given: Record<string, unknown>, by: Identity): Problem | null {
		return (
			refusal(name, by) ??
			this.#bulkRefusal(name, given, by) ??
			this.#controlRefusal(name, given, by)
		);
	}

	/** A job takes the role of its own action as well. */
	#bulkRefusal(
		name: OperationName,
		{ job }: Record<string, unknown>,
		by: Identity
	): Problem | null {
		if (name !== 'bulk.start' && name !== 'bulk.preview') return null;
		const action = BULK_ACTIONS.find((each) => each === Object(job)['action']);
		return action ? refusal(requestOf(action), by) : null;
	}

	#controlRefusal(
		name: OperationName,
		{ workflow, id }: Record<string, unknown>,
		by: Identity
	): Problem | null {
		if (!CONTROLLING.has(name) || typeof workflow !== 'string') return null;
		const metadata = this.#fleet.runs.get(runKey({ workflow, id: String(id) }))?.run.metadata ?? {};
		return controlRefusal({ workflow, metadata }, by);
	}
}
