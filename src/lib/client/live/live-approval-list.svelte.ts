// A list of approvals that begins live and goes on by pages: what is asked for more of is read again
// after each change of the first page, so that no row falls between two pages.
import { untrack } from 'svelte';
import type { ApprovalQueryInput, Problem } from '$lib/protocol';
import { joinPages } from './approval-pages';
import type { Connection } from '../socket/connection.svelte';
import { LiveApprovals, type ApprovalsModel } from './live-approvals';
import type { Requests } from '../requests';

type Further = { of: string; pages: readonly ApprovalsModel[] };

/** Approvals that a query finds, as many pages as were asked for. */
export class LiveApprovalList {
	#live: LiveApprovals;
	#requests: Requests;
	#query: () => ApprovalQueryInput;
	#further = $state.raw<Further | null>(null);
	#problem = $state.raw<Problem | null>(null);
	#busy = $state(false);
	#asked = 0;

	constructor(connection: Connection, requests: Requests, query: () => ApprovalQueryInput) {
		this.#live = new LiveApprovals(connection, query);
		this.#requests = requests;
		this.#query = query;
		$effect(() => {
			const first = this.#live.current;
			untrack(() => first && void this.#read(this.#pages.length));
		});
	}

	/** The pages read so far as one; undefined before the first. */
	get current(): ApprovalsModel | undefined {
		const first = this.#live.current;
		return first && joinPages([first, ...this.#pages]);
	}

	get ready(): boolean {
		return this.#live.ready;
	}

	/** Is the answer to what is asked for now still to come? */
	get loading(): boolean {
		return this.#live.loading;
	}

	/** Are the rows still those of the query before? */
	get previous(): boolean {
		return this.#live.previous;
	}

	get error(): Problem | null {
		return this.#live.error;
	}

	/** Why the last page that was asked for did not come. */
	get problem(): Problem | null {
		return this.#problem;
	}

	/** Is a further page on its way? */
	get busy(): boolean {
		return this.#busy;
	}

	reconnect(): void {
		this.#live.reconnect();
	}

	/** Reads one page more. */
	async more(): Promise<void> {
		this.#busy = true;
		await this.#read(this.#pages.length + 1).finally(() => (this.#busy = false));
	}

	/** Pages after the first, of the query that is asked now. */
	get #pages(): readonly ApprovalsModel[] {
		return this.#further?.of === this.#key ? this.#further.pages : [];
	}

	get #key(): string {
		return JSON.stringify(this.#query());
	}

	async #read(count: number): Promise<void> {
		// Its cursor would lead into another list.
		if (this.#live.previous) return;
		const asked = ++this.#asked;
		const of = this.#key;
		const query = this.#query();
		const pages: ApprovalsModel[] = [];
		let cursor = this.#live.current?.nextCursor ?? null;
		while (pages.length < count && cursor !== null) {
			const answer = await this.#requests.ask({
				type: 'approvals.list',
				query: { ...query, cursor }
			});
			if (asked !== this.#asked) return;
			this.#problem = answer.ok ? null : answer.problem;
			if (!answer.ok) return;
			pages.push(answer.value);
			cursor = answer.value.nextCursor;
		}
		if (count > 0) this.#further = { of, pages };
	}
}
