// Subscriptions in a table: the Agent may hibernate under open sockets.
import { viewSchema, type View } from '../../../protocol';
import { migrate } from '../../db/migrations';
import type { Sql } from '../../db/sql';
import type { SubscriptionRegistry } from './subscription-registry';

/** A subscription as it is stored. */
type StoredSubscription = { connection: string; id: string; view: View };

export class SubscriptionStore {
	readonly #sql: Sql;
	readonly #registry: Pick<SubscriptionRegistry, 'of'>;
	/** Connections whose subscriptions have changed since they were stored. */
	readonly #unsaved = new Set<string>();

	constructor(sql: Sql, registry: Pick<SubscriptionRegistry, 'of'>) {
		this.#sql = sql;
		this.#registry = registry;
	}

	migrate(): void {
		migrate(this.#sql, 'sb_watches', [
			`CREATE TABLE IF NOT EXISTS sb_watches (
			connection TEXT NOT NULL, watch TEXT NOT NULL, view TEXT NOT NULL,
			PRIMARY KEY (connection, watch)
		) WITHOUT ROWID`
		]);
	}

	/** The subscriptions of open connections; deletes those of others. */
	read(isOpen: (connection: string) => boolean): StoredSubscription[] {
		return this.#sql
			.exec('SELECT * FROM sb_watches')
			.toArray()
			.flatMap((row) => {
				const connection = String(row['connection']);
				if (!isOpen(connection)) {
					this.#sql.exec('DELETE FROM sb_watches WHERE connection = ?', connection);
					return [];
				}
				// Another version may have stored a view that this one does not know. The browser, which a
				// deploy cuts off, subscribes again by itself.
				const view = viewSchema.safeParse(JSON.parse(String(row['view'])));
				return view.success ? [{ connection, id: String(row['watch']), view: view.data }] : [];
			});
	}

	/**
	 * Stores them after the answer: what is sent after a write waits until the write is on disk. If
	 * the Agent dies in between, its sockets close, and browsers subscribe again.
	 */
	saveSoon(connection: string): void {
		if (this.#unsaved.size === 0) setTimeout(() => this.#save(), 0);
		this.#unsaved.add(connection);
	}

	#save(): void {
		for (const connection of this.#unsaved) {
			this.#sql.exec('DELETE FROM sb_watches WHERE connection = ?', connection);
			for (const { id, view } of this.#registry.of(connection)) {
				const text = JSON.stringify(unparsed(view));
				this.#sql.exec('INSERT INTO sb_watches VALUES (?, ?, ?)', connection, id, text);
			}
		}
		this.#unsaved.clear();
	}
}

/** A view as its schema reads it: an order goes over the wire as text. */
function unparsed(view: View): unknown {
	if (view.kind !== 'runs') return view;
	const { field, direction } = view.query.order;
	return { ...view, query: { ...view.query, order: `${field}:${direction}` } };
}
