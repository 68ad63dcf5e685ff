// The line between the viewers and the server, which can be cut without a word: neither side gets a
// close frame, as when a laptop sleeps or a network goes.
import net from 'node:net';
import type { Server } from './server';

export class Wire {
	readonly #server: net.Server;
	readonly #sockets = new Set<net.Socket>();

	constructor(to: Server) {
		this.#server = net.createServer((near) => {
			const far = net.connect({ host: '127.0.0.1', port: to.port });
			for (const socket of [near, far]) {
				this.#sockets.add(socket);
				socket.on('error', () => undefined); // a close follows
				socket.on('close', () => {
					this.#sockets.delete(socket);
					near.destroy();
					far.destroy();
				});
			}
			near.pipe(far);
			far.pipe(near);
		});
	}

	/** Begins to listen; resolves with the address. */
	listen(): Promise<string> {
		return new Promise((resolve, reject) => {
			this.#server.once('error', reject);
			this.#server.listen(0, '127.0.0.1', () => {
				const address = this.#server.address();
				const port = typeof address === 'object' && address ? address.port : 0;
				resolve(`http://127.0.0.1:${port}`);
			});
		});
	}

	cut(): void {
		for (const socket of this.#sockets) socket.destroy();
	}

	close(): void {
		this.#server.close();
		this.cut();
	}
}
