// Who looks at what, and when they are told. Changes gather while a push is in the making, so
// however fast reports come, each connection gets at most one push a frame, and fewer while changes
// come without an end (`push-pace.ts`). What is looked at is kept in a table: the Agent may hibernate
// under open sockets.
import type { Connection } from 'agents';
import {
	problem,
	ProblemError,
	type Change,
	type Identity,
	type Problem,
	type RunRef,
	type ServerFrame,
	type View
} from '../../../protocol';
import type { Fleet } from '../fleet';
import { KeptWatches } from './watch-store';
import { LateCounts } from './deferred-counts';
import { Moments } from './shared-timer';
import { PushPace } from './push-throttle';
import type { IndexedPage } from '../run-index/run-index';
import type { Sql } from '../../db/sql';
import { merged, onlyRun, type Touched } from './changes';
import { refused, type Watch, type WatchHost } from './watch-contract';
import { watchOf } from './watch';

/** How many things one connection may look at. */
export const MAX_WATCHES = 32;

export type LiveViewsHost = Omit<WatchHost, 'othersAt' | 'page'> & {
	connections: () => Iterable<Connection>;
	/** Who is at the other end. */
	identityOf: (connection: { id: string }) => Identity | null;
	/** Everything that changed has been told: the summary can follow. */
	told: () => void;
	background: (work: Promise<unknown>) => void;
};

type Running = {
	connection: Connection;
	id: string;
	view: View;
	watch: Watch;
	/** The approval that is looked at, so that others see who does. */
	approval: string | null;
	busy: boolean;
	pending: Touched | 'all' | null;
	/** Why it was refused, as it was sent last. */
	refusal: string | null;
};

/** Somebody began or ceased to look at an approval. */
const PRESENCE: Touched = { runs: new Set(), approvals: true, audit: false };

export class LiveViews {
	readonly #kept: KeptWatches;
	readonly #host: LiveViewsHost;
	readonly #running = new Map<string, Map<string, Running>>();
	#touched: Touched | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#flushing = false;
	readonly #pace = new PushPace();
	/** The pages of the push that is being made: many look at the same. */
	readonly #pages = new Map<string, IndexedPage>();
	/** When time alone changes what each watch shows. */
	readonly #moments = new Moments<Running>((due) => this.#age(due));
	/** Watches that have rows whose counts are still to be made. */
	readonly #uncounted = new LateCounts<Running>((running) => this.#count(running));

	constructor(sql: Sql, host: LiveViewsHost) {
		this.#kept = new KeptWatches(sql, (connection) => this.#viewsOf(connection));
		this.#host = host;
	}

	migrate(): void {
		this.#kept.migrate();
	}

	/** Takes up again, after an eviction, what the sockets that are still open look at. */
	restore(): void {
		const open = new Map([...this.#host.connections()].map((found) => [found.id, found]));
		for (const { connection, id, view } of this.#kept.read((id) => open.has(id))) {
			const found = open.get(connection);
			if (found) this.#begin(found, id, view);
		}
	}

	/** A connection looks at something from now on. */
	watch(connection: Connection, id: string, view: View): void {
		const own = this.#running.get(connection.id);
		if (own && own.size >= MAX_WATCHES && !own.has(id)) {
			throw new ProblemError('invalid-input', `A connection can watch ${MAX_WATCHES} things.`);
		}
		this.#begin(connection, id, view);
		this.#kept.saveSoon(connection.id);
	}

	/** A watch that its connection may not have; it has none by this name any more. */
	refuse(connection: Connection, id: string, why: Problem): void {
		this.unwatch(connection, id);
		this.#send(connection, id, refused(why));
	}

	unwatch(connection: { id: string }, id: string): void {
		const own = this.#running.get(connection.id);
		this.#end(own?.get(id));
		this.#kept.saveSoon(connection.id);
	}

	/** The connection is gone. */
	close(connection: { id: string }): void {
		this.#endAll(connection.id);
		this.#kept.saveSoon(connection.id);
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
		const wait = this.#pace.wait(Date.now());
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
		let watches = 0;
		this.#pages.clear();
		for (const [id, own] of this.#running) {
			const connection = connections.get(id);
			if (!connection) {
				this.#endAll(id);
				continue;
			}
			for (const running of own.values()) {
				running.connection = connection;
				this.#advance(running, touched, began);
			}
			watches += own.size;
		}
		this.#pages.clear();
		this.#host.told();
		this.#pace.made({ began, ended: Date.now(), watches });
	}

	/** Time has changed what these show, though nothing has been reported. */
	#age(due: readonly Running[]): void {
		const now = Date.now();
		this.#pages.clear();
		for (const running of due) {
			try {
				this.#tell(running, running.watch.age?.(now) ?? null, now);
			} catch (error) {
				this.#tell(running, refusedFor(error), now);
			}
		}
		this.#pages.clear();
	}

	#page(...asked: Parameters<Fleet['page']>): IndexedPage {
		const key = JSON.stringify(asked);
		const known = this.#pages.get(key) ?? this.#host.fleet.page(...asked);
		this.#pages.set(key, known);
		return known;
	}

	#begin(connection: Connection, id: string, view: View): void {
		const by = this.#host.identityOf(connection);
		if (!by) return this.refuse(connection, id, problem('unauthenticated', 'Nobody is signed in.'));
		const own = this.#running.get(connection.id) ?? new Map<string, Running>();
		this.#running.set(connection.id, own);
		const othersAt = (approval: string) => this.#namesAt(approval, by.name);
		const approval = view.kind === 'approval' ? view.id : null;
		const page: Fleet['page'] = (...asked) => this.#page(...asked);
		const watch = watchOf(view, { ...this.#host, othersAt, page }, by);
		this.#end(own.get(id));
		const running: Running = {
			...{ connection, id, view, watch, approval, busy: false, pending: null },
			refusal: null
		};
		own.set(id, running);
		if (approval) this.changed(PRESENCE);
		this.#pages.clear();
		this.#advance(running, 'all', Date.now());
	}

	*#viewsOf(connection: string): Generator<[string, View]> {
		for (const [id, { view }] of this.#running.get(connection) ?? []) yield [id, view];
	}

	#end(running: Running | undefined): void {
		if (!running) return;
		this.#moments.set(running, null);
		this.#uncounted.delete(running);
		this.#running.get(running.connection.id)?.delete(running.id);
		if (running.approval !== null) this.changed(PRESENCE);
	}

	#endAll(connection: string): void {
		for (const running of this.#running.get(connection)?.values() ?? []) this.#end(running);
		this.#running.delete(connection);
	}

	/** Names of the people who look at an approval now, but for one. */
	#namesAt(approval: string, but: string | undefined): string[] {
		const there = [...this.#running].filter(([, own]) =>
			[...own.values()].some((running) => running.approval === approval)
		);
		const names = there.flatMap(([id]) => this.#host.identityOf({ id })?.name ?? []);
		return [...new Set(names)].filter((name) => name !== but).toSorted();
	}

	#advance(running: Running, touched: Touched | 'all', now: number): void {
		if (running.busy) {
			running.pending = running.pending ? merged(running.pending, touched) : touched;
			return;
		}
		const send = (change: Change | null) => this.#tell(running, change, now, touched === 'all');
		try {
			const next = running.watch.next(touched, now);
			if (!(next instanceof Promise)) return send(next);
			running.busy = true;
			this.#host.background(
				next
					.then(send, (error: unknown) => send(refusedFor(error)))
					.then(() => this.#resume(running))
			);
		} catch (error) {
			send(refusedFor(error));
		}
	}

	/** Tells a change, if there is one, and plans what follows by itself. */
	#tell(running: Running, change: Change | null, now: number, isFirst = false): void {
		if (!this.#isCurrent(running)) return;
		const { connection, id, watch } = running;
		if (change?.kind === 'refused') return this.#refuse(running, change.problem);
		if (change) {
			running.refusal = null;
			this.#send(connection, id, change);
		}
		// Runs beyond the rows change the counts, too.
		if (watch.isUncounted) this.#uncounted.add(running, isFirst);
		if (watch.agesAt) this.#moments.set(running, watch.agesAt(now));
	}

	/**
	 * A refusal is sent once. What cannot be read will not be readable later, so nothing is kept of
	 * it; what is not there yet may still be reported, so that is kept.
	 */
	#refuse(running: Running, why: Problem): void {
		const isKnown = running.refusal === why.detail;
		running.refusal = why.detail;
		if (!isKnown) this.#send(running.connection, running.id, refused(why));
		if (why.status !== 404) this.unwatch(running.connection, running.id);
	}

	#isCurrent(running: Running): boolean {
		return this.#running.get(running.connection.id)?.get(running.id) === running;
	}

	#count(running: Running): void {
		const change = running.watch.count?.(Date.now()) ?? null;
		if (change) this.#send(running.connection, running.id, change);
	}

	#resume(running: Running): void {
		running.busy = false;
		const { pending: waiting, watch } = running;
		running.pending = null;
		const rest = watch.isPartial && watch.run ? onlyRun(watch.run) : null;
		const pending = rest && waiting ? merged(rest, waiting) : (rest ?? waiting);
		if (pending && this.#isCurrent(running)) this.#advance(running, pending, Date.now());
	}

	#send(connection: Connection, watch: string, change: Change): void {
		const frame = { type: 'change', watch, at: Date.now(), change } satisfies ServerFrame;
		connection.send(JSON.stringify(frame));
	}
}

function refusedFor(error: unknown): Change {
	if (error instanceof ProblemError) return refused(error.problem);
	throw error;
}
