// What is looked at, in a table: the Agent may hibernate under open sockets.
import { viewSchema, type View } from '../../../protocol';
import { migrate } from '../../db/migrations';
import type { Sql } from '../../db/sql';

/** A watch as it is kept. */
export type KeptWatch = { connection: string; id: string; view: View };

export class KeptWatches {
	readonly #sql: Sql;
	readonly #viewsOf: (connection: string) => Iterable<[string, View]>;
	/** Connections whose watches are not yet in the table as they are. */
	readonly #unsaved = new Set<string>();

	/** @param viewsOf what a connection looks at now, by the names of its watches */
	constructor(sql: Sql, viewsOf: (connection: string) => Iterable<[string, View]>) {
		this.#sql = sql;
		this.#viewsOf = viewsOf;
	}

	migrate(): void {
		migrate(this.#sql, 'sb_watches', [
			`CREATE TABLE IF NOT EXISTS sb_watches (
			connection TEXT NOT NULL, watch TEXT NOT NULL, view TEXT NOT NULL,
			PRIMARY KEY (connection, watch)
		) WITHOUT ROWID`
		]);
	}

	/** The watches of connections that are still open; those of others are forgotten. */
	read(isOpen: (connection: string) => boolean): KeptWatch[] {
		return this.#sql
			.exec('SELECT * FROM sb_watches')
			.toArray()
			.flatMap((row) => {
				const connection = String(row['connection']);
				if (!isOpen(connection)) {
					this.#sql.exec('DELETE FROM sb_watches WHERE connection = ?', connection);
					return [];
				}
				// A view that another version wrote and this one does not know: the browser that a deploy
				// cuts off asks again by itself.
				const view = viewSchema.safeParse(JSON.parse(String(row['view'])));
				return view.success ? [{ connection, id: String(row['watch']), view: view.data }] : [];
			});
	}

	/**
	 * What is sent after a write waits until the write is safe on the disk. So the answer goes first,
	 * and the table follows: should the Agent die in between, its sockets die too, and all is asked
	 * for again.
	 */
	saveSoon(connection: string): void {
		if (this.#unsaved.size === 0) setTimeout(() => this.#save(), 0);
		this.#unsaved.add(connection);
	}

	#save(): void {
		for (const connection of this.#unsaved) {
			this.#sql.exec('DELETE FROM sb_watches WHERE connection = ?', connection);
			for (const [id, view] of this.#viewsOf(connection)) {
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
