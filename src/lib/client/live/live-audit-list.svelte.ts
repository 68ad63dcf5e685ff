// The audit as a list that begins live and goes back page by page. Entries never change places, so
// what was read once is kept while new ones come in above it.
import { untrack } from 'svelte';
import type { AuditEntry, AuditQuery, Problem } from '$lib/protocol';
import type { Requests } from '../requests';
import type { Connection } from '../socket/connection.svelte';
import { joinEntries } from './audit-pages';
import { LiveAudit } from './live-audit';

type Filter = Omit<Partial<AuditQuery>, 'limit' | 'cursor'>;
/** What was read of a filter, and where it goes on; `next` is null at the end. */
type Kept = { of: string; entries: readonly AuditEntry[]; next: string | null };

/** How many entries there are at first, and how many more are read at a time. */
const AUDIT_PAGE = 100;

/** Entries of the audit that a filter finds, as far back as was asked for. */
export class LiveAuditList {
	#live: LiveAudit;
	#requests: Requests;
	#filter: () => Filter;
	#kept = $state.raw<Kept | null>(null);
	#problem = $state.raw<Problem | null>(null);
	#busy = $state(false);

	constructor(connection: Connection, requests: Requests, filter: () => Filter) {
		this.#live = new LiveAudit(connection, () => ({ ...filter(), limit: AUDIT_PAGE }));
		this.#requests = requests;
		this.#filter = filter;
		$effect(() => {
			const newest = this.#live.current;
			untrack(() => newest && this.#keepBelow(newest));
		});
	}

	/** The entries, newest first; undefined before the first answer. */
	get current(): readonly AuditEntry[] | undefined {
		const newest = this.#live.current;
		return newest && ((this.#own && joinEntries(newest, this.#own.entries)) ?? newest);
	}

	get ready(): boolean {
		return this.#live.ready;
	}

	/** Are the entries still those of the filter before? */
	get previous(): boolean {
		return this.#live.previous;
	}

	get error(): Problem | null {
		return this.#live.error;
	}

	/** Why the older entries did not come. */
	get problem(): Problem | null {
		return this.#problem;
	}

	/** Are older entries on their way? */
	get busy(): boolean {
		return this.#busy;
	}

	/** Can there be older entries than those shown? */
	get hasMore(): boolean {
		if (this.#live.previous) return false;
		if (this.#own) return this.#own.next !== null;
		return (this.#live.current?.length ?? 0) >= AUDIT_PAGE;
	}

	reconnect(): void {
		this.#live.reconnect();
	}

	/** Reads the entries before those shown. */
	async more(): Promise<void> {
		this.#busy = true;
		await this.#readOlder().finally(() => (this.#busy = false));
	}

	async #readOlder(): Promise<void> {
		const of = this.#key;
		let kept = this.#own;
		// Where the live entries end, only a page that is asked for says.
		for (let pages = kept ? 1 : 2; pages > 0; pages -= 1) {
			const cursor = kept?.next ?? undefined;
			if (kept && cursor === undefined) break;
			const query = { ...this.#filter(), limit: AUDIT_PAGE, cursor };
			const answer = await this.#requests.ask({ type: 'audit.list', query });
			if (of !== this.#key) return;
			this.#problem = answer.ok ? null : answer.problem;
			if (!answer.ok) return;
			const { entries, nextCursor } = answer.value;
			// New entries that came in meanwhile were kept, too.
			const known = this.#own?.entries ?? kept?.entries ?? [];
			kept = { of, entries: [...known, ...entries], next: nextCursor };
		}
		this.#kept = kept;
	}

	/** Entries that the live page will drop stay, unless some between were missed. */
	#keepBelow(newest: readonly AuditEntry[]): void {
		if (!this.#own || this.#live.previous) return;
		const entries = joinEntries(newest, this.#own.entries);
		this.#kept = entries && { ...this.#own, entries };
	}

	/** What was read of the filter that is asked now. */
	get #own(): Kept | null {
		return this.#kept?.of === this.#key ? this.#kept : null;
	}

	get #key(): string {
		return JSON.stringify(this.#filter());
	}
}
