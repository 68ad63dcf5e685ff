import type { Connection } from 'agents';
import type { RunRef, View } from '../../../protocol';
import type { ClientConnections } from '../../clients/connection-identities';
import type { ChangeSet } from '../change-set';
import type { CountedQuery, Subscription } from './subscription';

/** A subscription of an open connection. */
export type ActiveSubscription = {
	connection: Connection;
	/** The name that the connection gave it. */
	id: string;
	view: View;
	subscription: Subscription;
	/** Is its next change being made? */
	isBusy: boolean;
	/** What changed meanwhile. */
	pending: ChangeSet | 'all' | null;
	/** Why it was refused, as it was sent last. */
	refusal: string | null;
};

/** Who is subscribed to what. */
export class SubscriptionRegistry {
	readonly #connections: Pick<ClientConnections, 'identityOf'>;
	readonly #active = new Map<string, Map<string, ActiveSubscription>>();

	constructor(connections: Pick<ClientConnections, 'identityOf'>) {
		this.#connections = connections;
	}

	add(active: ActiveSubscription): void {
		const own = this.#active.get(active.connection.id) ?? new Map<string, ActiveSubscription>();
		this.#active.set(active.connection.id, own.set(active.id, active));
	}

	remove({ connection, id }: ActiveSubscription): void {
		const own = this.#active.get(connection.id);
		own?.delete(id);
		if (own?.size === 0) this.#active.delete(connection.id);
	}

	find(connection: string, id: string): ActiveSubscription | undefined {
		return this.#active.get(connection)?.get(id);
	}

	/** The subscriptions of one connection. */
	of(connection: string): ActiveSubscription[] {
		return [...(this.#active.get(connection)?.values() ?? [])];
	}

	/** The ids of the connections that have subscriptions. */
	connections(): string[] {
		return [...this.#active.keys()];
	}

	/** Is this still what its connection has by its name? */
	isCurrent(active: ActiveSubscription): boolean {
		return this.find(active.connection.id, active.id) === active;
	}

	/** The runs that somebody has open. */
	shownRuns(): RunRef[] {
		return this.#all().flatMap(({ subscription: { run } }) => (run ? [run] : []));
	}

	/** The queries of saved views whose counts somebody sees. */
	countedQueries(): CountedQuery[] {
		return this.#all().flatMap(({ subscription: { queries = [] } }) => queries);
	}

	/** The names of the people who have an approval open, in order. */
	peopleAt(approval: string): string[] {
		const names = this.#all()
			.filter(({ view }) => view.kind === 'approval' && view.id === approval)
			.flatMap(({ connection }) => this.#connections.identityOf(connection)?.name ?? []);
		return [...new Set(names)].toSorted();
	}

	#all(): ActiveSubscription[] {
		return this.connections().flatMap((connection) => this.of(connection));
	}
}
