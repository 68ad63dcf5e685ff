// Who looks at what, and when they are told. Changes gather while a push is in the making, so
// however fast reports come, each connection gets at most one push a frame, and fewer when making
// one is slow. What is looked at is kept in a table: the Agent may hibernate under open sockets.
import type { Connection } from 'agents';
import {
	problem,
	ProblemError,
	viewSchema,
	runKey,
	type Change,
	type Identity,
	type Problem,
	type RunRef,
	type ServerFrame,
	type View
} from '../../protocol';
import { migrate } from '../migrations';
import type { Touched } from './fleet';
import type { Sql } from './sql';
import { refused, watchOf, type Watch, type WatchHost } from './watch';

/** The shortest time between two pushes, Ms: a frame. */
const FRAME_MS = 16;
/** The shortest time between two counts for one watcher, Ms. */
const COUNT_MS = 150;
/** Counting takes at most about this share of the thread's time: one part in so many. */
const COUNT_SHARE = 6;
/** How many things one connection may look at. */
export const MAX_WATCHES = 32;

export type LiveViewsHost = Omit<WatchHost, 'othersAt'> & {
	connections: () => Iterable<Connection>;
	/** Who is at the other end. */
	identityOf: (connection: { id: string }) => Identity | null;
	/** Everything that changed has been told: the summary can follow. */
	told: () => void;
	background: (work: Promise<unknown>) => void;
};

type Running = {
	view: View;
	watch: Watch;
	/** The approval that is looked at, so that others see who does. */
	approval: string | null;
	busy: boolean;
	pending: Touched | 'all' | null;
};

/** Somebody began or ceased to look at an approval. */
const PRESENCE: Touched = { runs: new Set(), approvals: true, audit: false };

export class LiveViews {
	readonly #sql: Sql;
	readonly #host: LiveViewsHost;
	readonly #running = new Map<string, Map<string, Running>>();
	#touched: Touched | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#flushing = false;
	#nextAt = 0;
	/** Watches that have rows whose counts are still to be made, the longest waiting first. */
	readonly #uncounted = new Map<Running, { connection: Connection; id: string }>();
	#counter: ReturnType<typeof setTimeout> | undefined;
	/** Connections whose watches are not yet in the table as they are. */
	readonly #unsaved = new Set<string>();

	constructor(sql: Sql, host: LiveViewsHost) {
		this.#sql = sql;
		this.#host = host;
	}

	migrate(): void {
		migrate(this.#sql, 'sb_watches', [
			`CREATE TABLE IF NOT EXISTS sb_watches (
			connection TEXT NOT NULL, watch TEXT NOT NULL, view TEXT NOT NULL,
			PRIMARY KEY (connection, watch)
		) WITHOUT ROWID`
		]);
	}

	/** Takes up again, after an eviction, what the sockets that are still open look at. */
	restore(): void {
		const open = new Map([...this.#host.connections()].map((found) => [found.id, found]));
		for (const row of this.#sql.exec('SELECT * FROM sb_watches').toArray()) {
			const connection = open.get(String(row['connection']));
			// A view that another version wrote and this one does not know: the browser that a deploy
			// cuts off asks again by itself.
			const view = viewSchema.safeParse(JSON.parse(String(row['view'])));
			if (connection && view.success) {
				this.#begin(connection, String(row['watch']), view.data);
			} else if (!connection) {
				this.#sql.exec('DELETE FROM sb_watches WHERE connection = ?', String(row['connection']));
			}
		}
	}

	/** A connection looks at something from now on. */
	watch(connection: Connection, id: string, view: View): void {
		const own = this.#running.get(connection.id);
		if (own && own.size >= MAX_WATCHES && !own.has(id)) {
			throw new ProblemError('invalid-input', `A connection can watch ${MAX_WATCHES} things.`);
		}
		this.#begin(connection, id, view);
		this.#saveSoon(connection.id);
	}

	/** A watch that its connection may not have; it has none by this name any more. */
	refuse(connection: Connection, id: string, why: Problem): void {
		this.unwatch(connection, id);
		this.#send(connection, id, refused(why));
	}

	unwatch(connection: { id: string }, id: string): void {
		const own = this.#running.get(connection.id);
		if (own?.get(id)?.approval) this.changed(PRESENCE);
		own?.delete(id);
		this.#saveSoon(connection.id);
	}

	/** The connection is gone. */
	close(connection: { id: string }): void {
		const own = this.#running.get(connection.id)?.values() ?? [];
		if ([...own].some(({ approval }) => approval !== null)) this.changed(PRESENCE);
		this.#running.delete(connection.id);
		this.#saveSoon(connection.id);
	}

	/**
	 * What is sent after a write waits until the write is safe on the disk. So the answer goes first,
	 * and the table follows: should the Agent die in between, its sockets die too, and all is asked
	 * for again.
	 */
	#saveSoon(connection: string): void {
		if (this.#unsaved.size === 0) setTimeout(() => this.#save(), 0);
		this.#unsaved.add(connection);
	}

	#save(): void {
		for (const connection of this.#unsaved) {
			this.#sql.exec('DELETE FROM sb_watches WHERE connection = ?', connection);
			for (const [id, { view }] of this.#running.get(connection) ?? []) {
				const text = JSON.stringify(unparsed(view));
				this.#sql.exec('INSERT INTO sb_watches VALUES (?, ?, ?)', connection, id, text);
			}
		}
		this.#unsaved.clear();
	}

	/** The runs that somebody looks at. */
	watchedRuns(): RunRef[] {
		return [...this.#running.values()].flatMap((own) =>
			[...own.values()].flatMap(({ watch }) => (watch.run ? [watch.run] : []))
		);
	}

	/** The queries of saved views whose counts somebody looks at. */
	countedQueries(): Set<string> {
		const watches = [...this.#running.values()].flatMap((own) => [...own.values()]);
		return new Set(watches.flatMap(({ watch }) => watch.queries ?? []));
	}

	/**
	 * Something changed: everyone who looks at it is told, at once or with the next frame. The clock
	 * is asked beside the timer: timers stand still while a thread has work that is ready, and locally
	 * all Agents and workflows share one.
	 */
	changed(touched: Touched): void {
		this.#touched = this.#touched ? merged(this.#touched, touched) : touched;
		if (this.#flushing) return;
		const wait = this.#nextAt - Date.now();
		if (wait > 0) {
			this.#timer ??= setTimeout(() => this.#flush(), wait);
			return;
		}
		this.#flushing = true;
		queueMicrotask(() => this.#flush());
	}

	#flush(): void {
		const began = Date.now();
		const touched = this.#touched;
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#flushing = false;
		this.#touched = null;
		if (!touched) return;
		const connections = new Map([...this.#host.connections()].map((found) => [found.id, found]));
		for (const [id, own] of this.#running) {
			const connection = connections.get(id);
			if (!connection) this.#running.delete(id);
			else
				for (const [watchId, running] of own) this.#advance(connection, watchId, running, touched);
		}
		this.#host.told();
		// A push that took long is followed by a pause in proportion, so that intake comes first.
		this.#nextAt = Math.max(began + FRAME_MS, Date.now() + 2 * (Date.now() - began));
	}

	#begin(connection: Connection, id: string, view: View): void {
		const by = this.#host.identityOf(connection);
		if (!by) return this.refuse(connection, id, problem('unauthenticated', 'Nobody is signed in.'));
		const own = this.#running.get(connection.id) ?? new Map<string, Running>();
		this.#running.set(connection.id, own);
		const othersAt = (approval: string) => this.#namesAt(approval, by.name);
		const approval = view.kind === 'approval' ? view.id : null;
		const watch = watchOf(view, { ...this.#host, othersAt }, by);
		const running = { view, watch, approval, busy: false, pending: null };
		own.set(id, running);
		if (approval) this.changed(PRESENCE);
		this.#advance(connection, id, running, 'all');
	}

	/** Names of the people who look at an approval now, but for one. */
	#namesAt(approval: string, but: string | undefined): string[] {
		const there = [...this.#running].filter(([, own]) =>
			[...own.values()].some((running) => running.approval === approval)
		);
		const names = there.flatMap(([id]) => this.#host.identityOf({ id })?.name ?? []);
		return [...new Set(names)].filter((name) => name !== but).toSorted();
	}

	#advance(connection: Connection, id: string, running: Running, touched: Touched | 'all'): void {
		if (running.busy) {
			running.pending = running.pending ? merged(running.pending, touched) : touched;
			return;
		}
		const send = (change: Change | null) => {
			if (!this.#isCurrent(connection, id, running)) return;
			if (change) this.#send(connection, id, change);
			// Runs beyond the rows change the counts, too.
			if (running.watch.isUncounted) this.#countSoon(connection, id, running, touched === 'all');
		};
		try {
			const next = running.watch.next(touched, Date.now());
			if (!(next instanceof Promise)) return send(next);
			running.busy = true;
			this.#host.background(
				next
					.then(send, (error: unknown) => send(refusedFor(error)))
					.then(() => this.#resume(connection, id, running))
			);
		} catch (error) {
			send(refusedFor(error));
		}
	}

	#isCurrent(connection: Connection, id: string, running: Running): boolean {
		return this.#running.get(connection.id)?.get(id) === running;
	}

	/** Rows go ahead of their counts: those are made one watch at a time, in between. */
	#countSoon(connection: Connection, id: string, running: Running, atOnce: boolean): void {
		this.#uncounted.set(running, { connection, id });
		if (atOnce) this.#planCount(0);
		else this.#counter ??= setTimeout(() => this.#countNext(), COUNT_MS);
	}

	#planCount(delay: number): void {
		clearTimeout(this.#counter);
		this.#counter = setTimeout(() => this.#countNext(), delay);
	}

	#countNext(): void {
		this.#counter = undefined;
		const [next] = this.#uncounted;
		if (!next) return;
		const [running, { connection, id }] = next;
		this.#uncounted.delete(running);
		const began = Date.now();
		if (this.#isCurrent(connection, id, running)) {
			const change = running.watch.count?.(began) ?? null;
			if (change) this.#send(connection, id, change);
		}
		if (this.#uncounted.size > 0)
			this.#planCount(Math.max(FRAME_MS, COUNT_SHARE * (Date.now() - began)));
	}

	#resume(connection: Connection, id: string, running: Running): void {
		running.busy = false;
		const { pending: waiting, watch } = running;
		running.pending = null;
		const rest = watch.isPartial && watch.run ? onlyRun(watch.run) : null;
		const pending = rest && waiting ? merged(rest, waiting) : (rest ?? waiting);
		if (pending && this.#isCurrent(connection, id, running)) {
			this.#advance(connection, id, running, pending);
		}
	}

	#send(connection: Connection, watch: string, change: Change): void {
		const frame = { type: 'change', watch, at: Date.now(), change } satisfies ServerFrame;
		connection.send(JSON.stringify(frame));
	}
}

/** As if this run alone had changed. */
function onlyRun(ref: RunRef): Touched {
	return { runs: new Set([runKey(ref)]), approvals: false, audit: false };
}

function refusedFor(error: unknown): Change {
	if (error instanceof ProblemError) return refused(error.problem);
	throw error;
}

function merged(a: Touched, b: Touched): Touched;
function merged(a: Touched | 'all', b: Touched | 'all'): Touched | 'all';
function merged(a: Touched | 'all', b: Touched | 'all'): Touched | 'all' {
	if (a === 'all' || b === 'all') return 'all';
	return {
		runs: new Set([...a.runs, ...b.runs]),
		approvals: a.approvals || b.approvals,
		audit: a.audit || b.audit,
		views: a.views === true || b.views === true
	};
}

/** A view as its schema reads it: an order goes over the wire as text. */
function unparsed(view: View): unknown {
	if (view.kind !== 'runs') return view;
	const { field, direction } = view.query.order;
	return { ...view, query: { ...view.query, order: `${field}:${direction}` } };
}
