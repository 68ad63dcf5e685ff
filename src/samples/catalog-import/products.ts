import type { Product } from './catalog-rows';

/** What a store sells, in figures. */
export type CatalogTotals = { products: number; units: number };

/** The products of one store. Owns the table `products`. */
export class Products {
	#storage: DurableObjectStorage;

	constructor(storage: DurableObjectStorage) {
		this.#storage = storage;
		storage.sql.exec(`
			CREATE TABLE IF NOT EXISTS products (
				sku TEXT PRIMARY KEY,
				name TEXT NOT NULL,
				price REAL NOT NULL,
				currency TEXT NOT NULL,
				stock INTEGER NOT NULL
			) WITHOUT ROWID
		`);
	}

	/** Writes a batch, all or nothing; a product that is there already is replaced. */
	load(batch: readonly Product[]): void {
		this.#storage.transactionSync(() => {
			for (const { sku, name, price, currency, stock } of batch) {
				this.#storage.sql.exec(
					`INSERT INTO products (sku, name, price, currency, stock) VALUES (?, ?, ?, ?, ?)
					ON CONFLICT (sku) DO UPDATE SET
						name = excluded.name,
						price = excluded.price,
						currency = excluded.currency,
						stock = excluded.stock`,
					sku,
					name,
					price,
					currency,
					stock
				);
			}
		});
	}

	totals(): CatalogTotals {
		return this.#storage.sql
			.exec<CatalogTotals>(
				'SELECT COUNT(*) AS products, COALESCE(SUM(stock), 0) AS units FROM products'
			)
			.one();
	}
}
