// Somebody who looks at a list, without a page: the same frames, the same schema, the same model.
import { applyToRuns, type RunsModel } from '../../src/lib/client/live/runs-model';
import {
	runKey,
	serverFrameSchema,
	type ClientFrameInput,
	type RunRow
} from '../../src/lib/protocol';
import type { App } from './app';

export class Viewer {
	readonly q: string;
	model: RunsModel | undefined;
	/** How many frames came. */
	frames = 0;
	readonly #socket: WebSocket;

	private constructor(q: string, socket: WebSocket) {
		this.q = q;
		this.#socket = socket;
		socket.addEventListener('message', ({ data }) => {
			const frame = serverFrameSchema.safeParse(JSON.parse(String(data)));
			if (!frame.success || frame.data.type !== 'change') return;
			this.frames += 1;
			this.model = applyToRuns(this.model, frame.data.change);
		});
	}

	/** Looks at the first hundred of a query's runs. */
	static async open(app: App, q: string): Promise<Viewer> {
		const viewer = new Viewer(q, await app.socket('/agents/operations-agent/main?_pk=bench'));
		const view = { kind: 'runs', query: { q, limit: 100 }, window: { offset: 0 } } as const;
		viewer.#socket.send(
			JSON.stringify({ type: 'watch', watch: 'list', view } satisfies ClientFrameInput)
		);
		return viewer;
	}

	/** The rows in order, and all that is told of the list. */
	read(): { rows: readonly RunRow[]; total: number; byStatus: unknown } | null {
		if (!this.model) return null;
		const { rows, total, byStatus } = this.model;
		return { rows, total, byStatus };
	}

	/** What another has of the list that this one has not, in words; null for nothing. */
	differs(other: Viewer): string | null {
		const [mine, theirs] = [this.read(), other.read()];
		if (!mine || !theirs) return 'no list';
		const keys = (rows: readonly RunRow[]) => rows.map(runKey).join();
		if (keys(mine.rows) !== keys(theirs.rows)) return 'other rows, or in another order';
		const row = mine.rows.findIndex(
			(one, at) => JSON.stringify(one) !== JSON.stringify(theirs.rows[at])
		);
		if (row >= 0) return `row ${row} is not as it is`;
		if (mine.total !== theirs.total) return `a total of ${mine.total} and not ${theirs.total}`;
		const counts = (by: unknown) => JSON.stringify(Object.entries(Object(by) as object).sort());
		return counts(mine.byStatus) === counts(theirs.byStatus) ? null : 'other counts by status';
	}

	close(): void {
		this.#socket.close(1000);
	}
}
