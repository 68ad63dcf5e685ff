// What a browser has on its screen: the client's own models, fed with what the server sends.
import { expect } from 'vitest';
import { applyToRun, type RunModel } from '../../../src/lib/client/live/run-model';
import { applyToRuns, type RunsModel } from '../../../src/lib/client/live/runs-model';
import { serverFrameSchema, type Change, type ViewInput } from '../../../src/lib/protocol';
import { eventually } from './eventually';
import type { Socket } from './socket';

/** One thing that a connection looks at. */
export class Watching<Model> {
	readonly #socket: Socket;
	readonly #id: string;
	readonly #apply: (before: Model | undefined, change: Change) => Model | undefined;

	constructor(
		socket: Socket,
		view: ViewInput,
		apply: (before: Model | undefined, change: Change) => Model | undefined
	) {
		this.#socket = socket;
		this.#id = `w${Math.random().toString(36).slice(2)}`;
		this.#apply = apply;
		socket.send({ type: 'watch', watch: this.#id, view });
	}

	static runs(socket: Socket, query: Extract<ViewInput, { kind: 'runs' }>['query']) {
		return new Watching<RunsModel>(socket, { kind: 'runs', query }, applyToRuns);
	}

	static run(socket: Socket, workflow: string, id: string) {
		return new Watching<RunModel>(socket, { kind: 'run', workflow, id }, applyToRun);
	}

	/** Who did what to one run. */
	static audit(socket: Socket, view: Extract<ViewInput, { kind: 'run-audit' }>) {
		type Audit = Extract<Change, { kind: 'audit' }>;
		return new Watching<Audit>(socket, view, (before, change) =>
			change.kind === 'audit' ? change : before
		);
	}

	/** Something that is always sent whole. */
	static whole<K extends 'approvals' | 'approval' | 'activity' | 'audit'>(
		socket: Socket,
		view: ViewInput & { kind: K }
	) {
		type Whole = Extract<Change, { kind: K }>;
		const { kind } = view;
		return new Watching<Whole>(
			socket,
			view,
			(before, change) => (change.kind === kind ? (change as Whole) : before) // by its kind, just compared
		);
	}

	/** Every change that came so far, oldest first. */
	get changes(): Change[] {
		return this.#socket.frames.flatMap(({ json }) => {
			if (json['type'] !== 'change' || json['watch'] !== this.#id) return [];
			const frame = serverFrameSchema.parse(json);
			return frame.type === 'change' ? [frame.change] : [];
		});
	}

	/** What is on the screen now. */
	get model(): Model | undefined {
		return this.changes.reduce<Model | undefined>(this.#apply, undefined);
	}

	/** What is on the screen, once `test` holds of it. */
	async until(test: (model: Model) => boolean): Promise<Model> {
		const model = await eventually(
			() => this.model,
			(found) => found !== undefined && test(found)
		);
		expect(model).toBeDefined();
		return model as Model; // defined, as expected just now
	}

	/** Looks away. */
	stop(): void {
		this.#socket.send({ type: 'unwatch', watch: this.#id });
	}
}
