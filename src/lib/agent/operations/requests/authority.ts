import { z } from 'zod';
import { agentErrorText } from '../../../messages/server/agent-errors';
import { bulkText } from '../../../messages/server/bulk';
import {
	BULK_ACTIONS,
	controlRefusal,
	operationOf,
	personAnywhere,
	personAt,
	runPlace,
	problem,
	refusal,
	requestOf,
	rolesAnywhere,
	runKey,
	runSchema,
	type Identity,
	type OperationName,
	type Problem,
	type ResultOf,
	type Run,
	type WorkflowCatalogue
} from '../../../protocol';
import type { BulkStore } from '../bulk/bulk-store';
import type { Fleet } from '../fleet';
import { VisibleFleet } from '../visible-fleet';

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

/** Who asks, with the roles that count where the operation takes place; or why they may not. */
export type Judgement = { refused: Problem | null; by: Identity };

type Given = Record<string, unknown>;

/**
 * Who may ask for what, as far as a request tells before it is validated: whoever may not learns
 * nothing of what is wrong with it, and nothing of what is not for their eyes.
 */
export class Authority {
	readonly #fleet: Fleet;
	readonly #jobs: Pick<BulkStore, 'get'>;
	readonly #catalogue: Pick<WorkflowCatalogue, 'get'>;

	constructor(
		fleet: Fleet,
		jobs: Pick<BulkStore, 'get'>,
		catalogue: Pick<WorkflowCatalogue, 'get'>
	) {
		this.#fleet = fleet;
		this.#jobs = jobs;
		this.#catalogue = catalogue;
	}

	/** The fleet as somebody sees it. */
	seenBy(by: Identity): VisibleFleet {
		return new VisibleFleet(this.#fleet, by);
	}

	/** Judges a request by what it says so far. */
	judge(name: OperationName, given: Given, by: Identity): Judgement {
		const { hidden, by: here } = this.#placed(name, given, by);
		// Whoever has no role at all, or may start nothing there, is told so, whatever there is.
		const isTold = rolesAnywhere(by).length === 0 || operationOf(name).place === 'new-run';
		const refused =
			(isTold ? refusal(name, here) : null) ??
			hidden ??
			refusal(name, here) ??
			this.#bulkRefusal(name, given, by) ??
			this.#controlRefusal(name, given, here);
		// What takes place in many places is judged there, part by part.
		const { place } = operationOf(name);
		return { refused, by: place === 'visible' || place === 'job' ? by : here };
	}

	/** The person at the place that the request names; `hidden` when they must not know of it. */
	#placed(
		name: OperationName,
		given: Given,
		by: Identity
	): { hidden?: Problem | undefined; by: Identity } {
		const seen = this.seenBy(by);
		const { workflow, id } = given;
		switch (operationOf(name).place) {
			case 'workspace':
				return { by };
			case 'visible':
				return { by: personAnywhere(by) };
			case 'approval':
				return atApproval(seen, String(id));
			case 'job':
				return this.#atJob(seen, String(id));
			case 'run':
				if (typeof workflow !== 'string') return { by: personAnywhere(by) };
				return this.#atRun(seen, { workflow, id: String(id) });
			case 'new-run':
				if (typeof workflow !== 'string') return { by: personAnywhere(by) };
				return this.#atNewRun(name, seen, { ...given, workflow });
		}
	}

	#atRun(seen: VisibleFleet, ref: { workflow: string; id: string }) {
		const { by, reach } = seen;
		const key = runKey(ref);
		const known = this.#fleet.runs.get(key)?.run;
		if (!known) {
			const isSeen = reach === 'everywhere' || reach.workflows.includes(ref.workflow);
			const here = personAt(by, { workflow: ref.workflow, agent: '' });
			return isSeen ? { by: here } : { by, hidden: seen.unknownRun(key).problem };
		}
		if (!seen.seesRun(known)) return { by, hidden: seen.unknownRun(key).problem };
		return { by: seen.isOwnJob(known) ? personAnywhere(by) : personAt(by, runPlace(known)) };
	}

	#atNewRun(name: OperationName, seen: VisibleFleet, given: Given & { workflow: string }) {
		const { workflow, agent, id } = given;
		const named = typeof agent === 'string' ? agent : this.#catalogue.get(workflow)?.agent;
		const by = personAt(seen.by, { workflow, agent: named ?? '' });
		if (name !== 'run.adopt') return { by };
		const key = runKey({ workflow, id: String(id) });
		const known = this.#fleet.runs.get(key)?.run;
		if (!known || seen.seesRun(known)) return { by };
		// As the engine answers for a run that does not exist.
		return { by, hidden: problem('unknown-run', agentErrorText.unknownInstance(key)) };
	}

	#atJob({ by, reach }: VisibleFleet, id: string) {
		if (this.#jobs.get(id)?.subject === by.subject) return { by: personAnywhere(by) };
		const hidden = problem('not-found', bulkText.unknownJob(id));
		return reach === 'everywhere' ? { by } : { by, hidden };
	}

	/** A job takes the role of its own action as well. */
	#bulkRefusal(name: OperationName, { job }: Given, by: Identity): Problem | null {
		if (name !== 'bulk.start' && name !== 'bulk.preview') return null;
		const action = BULK_ACTIONS.find((each) => each === Object(job)['action']);
		return action ? refusal(requestOf(action), personAnywhere(by)) : null;
	}

	#controlRefusal(name: OperationName, { workflow, id }: Given, by: Identity): Problem | null {
		if (!CONTROLLING.has(name) || typeof workflow !== 'string') return null;
		const metadata = this.#fleet.runs.get(runKey({ workflow, id: String(id) }))?.run.metadata ?? {};
		return controlRefusal({ workflow, metadata }, by);
	}
}

function atApproval(seen: VisibleFleet, id: string) {
	const { by, reach } = seen;
	const approval = seen.approval(id);
	if (approval) {
		const { workflow, agent } = approval;
		return { by: personAt(by, runPlace({ workflow, agent })) };
	}
	const hidden = problem('unknown-approval', agentErrorText.unknownApproval(id));
	return reach === 'everywhere' ? { by } : { by, hidden };
}

/** A run is answered without a parent that is not to be seen, whatever was asked of it. */
export function visibleAnswer<N extends OperationName>(
	name: N,
	value: ResultOf<N>,
	seen: VisibleFleet
): ResultOf<N> {
	const run = value === null || !answersRun(name) ? null : (value as Run); // by its output's schema
	return run ? (seen.withVisibleParent(run) as ResultOf<N>) : value;
}

function answersRun(name: OperationName): boolean {
	const { output } = operationOf(name);
	return output === runSchema || (output instanceof z.ZodNullable && output.unwrap() === runSchema);
}
